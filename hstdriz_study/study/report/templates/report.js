"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const picture = (kind, key) =>
    document.querySelector(`.wall img[data-kind="${kind}"][data-key="${key}"]`);

  // Plots: hover is plotly's own, a click shows the point's pictures.
  const draw = (holder) => {
    const figure = JSON.parse(byId(holder.dataset.figure).textContent);
    const config = { responsive: true, displaylogo: false, displayModeBar: false };
    Plotly.newPlot(holder, figure.data, figure.layout, config).then(() => {
      holder.on("plotly_click", (event) => {
        const key = event.points[0].customdata;
        if (key) holder.closest("section").dispatchEvent(new CustomEvent("point", { detail: key }));
      });
    });
  };

  const showPoint = (section, key) => {
    const panel = section.querySelector(".clicked");
    const option = section.querySelector(`option[value="${key}"]`);
    if (!panel || !option) return;
    panel.querySelector(".label").textContent = option.textContent;
    panel.querySelector(".verdict").textContent = option.dataset.verdict;
    for (const shown of panel.querySelectorAll("img")) {
      const source = picture(shown.dataset.kind, key);
      shown.hidden = !source;
      if (source) Object.assign(shown, { src: source.src, alt: source.alt });
    }
  };

  // The comparator: any two points on the same patch of sky, side by side or blinking.
  const compare = (box) => {
    const form = box.querySelector("form");
    const [left, right] = box.querySelectorAll("figure");
    let timer = 0;
    const update = () => {
      const kind = form.kind.value;
      for (const [side, key] of [[left, form.a.value], [right, form.b.value]]) {
        const source = picture(kind, key);
        const image = side.querySelector("img");
        image.hidden = !source;
        if (source) Object.assign(image, { src: source.src, alt: source.alt });
        const option = form.a.querySelector(`option[value="${key}"]`);
        side.querySelector("figcaption").textContent = option ? option.textContent : "";
      }
      clearInterval(timer);
      const blink = form.mode.value === "blink";
      box.classList.toggle("blink", blink);
      left.classList.remove("under");
      right.classList.toggle("under", blink);
      if (blink) timer = setInterval(swap, 700);
    };
    const swap = () => {
      left.classList.toggle("under");
      right.classList.toggle("under");
    };
    box.querySelector(".pictures").addEventListener("click", () => {
      if (form.mode.value !== "blink") return;
      clearInterval(timer); // a tap takes over from the clock
      swap();
    });
    form.addEventListener("change", update);
    box.hidden = false;
    update();
    return (key) => { form.b.value = key; update(); };
  };

  // Long parts are folded on a screen that can unfold them, and always printed.
  const folded = document.querySelectorAll("details.long");
  const paper = matchMedia("print");
  const fold = () => folded.forEach((part) => { part.open = paper.matches; });
  paper.addEventListener("change", fold);
  fold();

  document.body.classList.add("live");
  for (const section of document.querySelectorAll("section.filter")) {
    const box = section.querySelector(".comparator");
    const setRight = box ? compare(box) : () => {};
    section.addEventListener("point", (event) => {
      showPoint(section, event.detail);
      setRight(event.detail);
    });
    const panel = section.querySelector(".clicked");
    if (panel) showPoint(section, panel.dataset.key);
    section.querySelectorAll(".interactive").forEach(draw);
  }
})();
