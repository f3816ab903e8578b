"""Render the conda recipe: ``make recipe``; a key that there is not, or a bad version, is an error.

Nothing is solved or built: that needs a channel.
"""

import json
import sys
from pathlib import Path

from rattler_build import RenderConfig, Stage0Recipe, VariantConfig

path = Path(__file__).parents[1] / ".conda" / "recipe.yaml"
rendered = Stage0Recipe.from_file(path).render(VariantConfig({}), RenderConfig())
for variant in rendered:
    recipe = variant.recipe.to_dict()
    print(json.dumps(recipe, indent=1, default=str))
    if not recipe["requirements"]["run"]:
        sys.exit("the recipe has no run requirements")
