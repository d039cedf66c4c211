// A chart as a picture: PNG at twice its size, or SVG, with its title, on white, dark or nothing.
const GROUNDS = { white: "light", dark: "dark", transparent: undefined };
const LETTERS_PX = 8.2;
const ICON = { width: 24, height: 24, path: "M5 20h14v-2H5v2zM19 9h-4V3H9v6H5l7 7 7-7z" };

function savingButton(board, chart) {
  return { name: "save", title: "Save this picture", icon: ICON, click: () => offer(board, chart) };
}

function offer(board, chart) {
  board.root.querySelector(".saving")?.remove();
  const menu = Object.assign(document.createElement("div"), { className: "saving" });
  menu.setAttribute("role", "group");
  menu.setAttribute("aria-label", "Save this picture");
  for (const format of ["png", "svg"]) {
    for (const ground of Object.keys(GROUNDS)) {
      const button = menu.appendChild(document.createElement("button"));
      button.textContent = `${format.toUpperCase()}, ${ground}`;
      button.onclick = () => {
        menu.remove();
        save(board, chart, format, ground);
      };
    }
  }
  menu.addEventListener("keydown", (event) => event.key === "Escape" && menu.remove());
  chart.caption.after(menu);
  menu.firstChild.focus();
}

// A title's lines, as wide as the picture.
function broken(title, width) {
  const most = Math.floor(width / LETTERS_PX);
  const lines = [""];
  for (const word of title.split(" ")) {
    if (lines.at(-1) && lines.at(-1).length + word.length >= most) lines.push(word);
    else lines.push([lines.pop(), word].filter(Boolean).join(" "));
  }
  return lines;
}

function save(board, chart, format, ground) {
  const { plot, spec } = chart;
  const [width, tall] = [plot.clientWidth, plot.clientHeight];
  const lines = broken(chart.caption.textContent, width / board.factor);
  const shadow = { ...chart };
  dressChart({ ...board, theme: GROUNDS[ground] ?? board.theme }, shadow);
  for (const binding of spec.bindings) {
    const value = valueOf(binding, board);
    if (value !== undefined) put(shadow, binding[0], value);
  }
  const { layout, data } = shadow;
  const room = (12 + 22 * lines.length) * board.factor;
  layout.margin = { ...layout.margin, t: (layout.margin?.t ?? 0) + room };
  layout.title = {
    text: lines.join("<br>"),
    x: 0.01,
    xanchor: "left",
    y: 1,
    yref: "container",
    yanchor: "top",
    pad: { t: 8 },
    font: { size: FONT * board.factor },
  };
  const paper = ground === "transparent" ? "rgba(0,0,0,0)" : board.colors[GROUNDS[ground]][board.colors.paper];
  Object.assign(layout, { paper_bgcolor: paper, plot_bgcolor: paper, width, height: tall + room, autosize: false });
  board.library.downloadImage({ data, layout }, { format, width, height: tall + room, scale: format === "png" ? 2 : 1, filename: spec.name });
}
