"""What is asked of the archive, and which of its products are taken."""

import pytest

from hstdriz_study.errors import DatasetError
from hstdriz_study.fetch.mast import exposures_in_mast


def names(products) -> list[str]:
    return [product.name for product in products]


def rootnames(paths) -> list[str]:
    return [path.name[:9] for path in paths]


def test_of_a_proposal_the_exposures_of_the_filter_are_taken_without_raw_data_and_copies(
    archive, asking, exposures
):
    archive.add_visit(exposures, "F125W", "WFC3/IR")
    found = exposures_in_mast(asking(proposal=11570))
    assert names(found) == [path.name for path in exposures]
    assert [one.size for one in found] == [path.stat().st_size for path in exposures]
    assert any("hst_11570" in row["productFilename"] for row in archive.products)


def test_another_proposal_has_none_and_that_is_one_sentence(asking):
    with pytest.raises(DatasetError, match=r"MAST has no WFC3/IR F160W exposure of proposal 99"):
        exposures_in_mast(asking(proposal=99))


def test_exposures_of_an_association_are_found_by_their_own_names(archive, asking, exposures):
    two = tuple(rootnames(exposures)[1:3])
    assert names(exposures_in_mast(asking(obs_ids=two))) == [p.name for p in exposures[1:3]]
    assert any("freeText" in one for one in archive.of_kind("query"))


def test_an_association_stands_for_its_exposures(asking, exposures):
    association = f"{exposures[0].name[:6]}020"
    assert len(exposures_in_mast(asking(obs_ids=(association,)))) == len(exposures)


def test_a_name_that_is_not_there_is_told(asking, exposures):
    known, unknown = exposures[0].name[:9], f"{exposures[0].name[:6]}zzq"
    with pytest.raises(DatasetError, match=f"exposure of {unknown}; leave out"):
        exposures_in_mast(asking(obs_ids=(known, unknown)))


@pytest.mark.parametrize("target", ["NGC 3370", "161.767 17.274", "161.77, +17.27"])
def test_a_target_is_looked_for_around_its_place(archive, asking, exposures, target):
    archive.add_visit(exposures, "F160W", "WFC3/IR", s_dec=18.0)
    found = exposures_in_mast(asking(target=target))
    assert len(found) == len(exposures)
    assert '"Mast.Caom.Filtered.Position"' in archive.of_kind("query")[0]
    assert archive.of_kind("name") == (["NGC 3370"] if target.startswith("NGC") else [])


def test_a_target_that_the_archive_does_not_know_is_told_with_a_way_on(asking):
    with pytest.raises(DatasetError, match=r"dataset\.mast\.target=NGC 33700: no name that MAST"):
        exposures_in_mast(asking(target="NGC 33700"))


def test_corrected_exposures_of_acs_are_taken_in_place_of_the_others(archive, asking):
    obsid = archive.add_observation(
        "jb1f19020", obs_collection="HST", instrument_name="ACS/WFC", filters="CLEAR1L;F814W",
        proposal_id="11570", target_name="X", s_ra=1.0, s_dec=1.0,
    )  # fmt: skip
    for name in ("jb1f19l6q_flt.fits", "jb1f19l6q_flc.fits", "jb1f19l7q_flt.fits"):
        archive.add_product(obsid, name[:9], name, b"x")
    found = exposures_in_mast(asking("F814W", "ACS/WFC"))
    assert names(found) == ["jb1f19l6q_flc.fits", "jb1f19l7q_flt.fits"]


def test_what_is_not_public_is_told_by_name(archive, asking, exposures):
    for row in archive.products:
        row["dataRights"] = "EXCLUSIVE_ACCESS"
    with pytest.raises(DatasetError, match=f"{exposures[0].name}: not yet public"):
        exposures_in_mast(asking())


@pytest.mark.parametrize("faults", [["500"], ["503", "429"], ["truncated"], ["stall"]])
def test_a_list_that_does_not_come_is_asked_again(archive, asking, exposures, faults):
    archive.faults["query"] = list(faults)
    assert len(exposures_in_mast(asking())) == len(exposures)
    assert not archive.faults["query"]


def test_an_archive_that_is_away_is_one_sentence(archive, asking):
    archive.faults["query"] = ["500"] * 9
    with pytest.raises(
        DatasetError, match=r"MAST answers 500 .* \(asked 2 times\); the same command goes"
    ):
        exposures_in_mast(asking(attempts=2))
    assert len(archive.faults["query"]) == 7


def test_a_refused_question_is_not_asked_again(archive, asking):
    archive.faults["query"] = ["404"] * 2
    with pytest.raises(DatasetError, match="MAST answers 404"):
        exposures_in_mast(asking())
    assert len(archive.faults["query"]) == 1
