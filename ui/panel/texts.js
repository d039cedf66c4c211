// Texts and tables in the places that the HTML names.

// A table's body with these rows, the first cell of each its heading; nothing is made anew that can be kept.
function fillRows(body, rows) {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, i) => {
    const row = body.rows[i] ?? body.insertRow();
    cells.forEach((value, j) => {
      const cell = row.cells[j] ?? row.appendChild(document.createElement(j ? "td" : "th"));
      if (!j) cell.scope = "row";
      if (Array.isArray(value)) {
        write(cell, value[0]);
        if (value[2]) cell.style.color = value[2];
      } else if (value !== null && typeof value === "object") typedCell(cell, value);
      else write(cell, value);
    });
    while (row.cells.length > cells.length) row.deleteCell(-1);
  });
}

// A cell in which a number can be typed: { drag, at, label, most }.
function typedCell(cell, { drag, at, label: name, most }) {
  let input = cell.querySelector("input");
  if (!input) {
    input = cell.appendChild(document.createElement("input"));
    Object.assign(input, { type: "number", step: "any", min: -most, max: most });
  }
  if (input.dataset.drag === drag && input.dataset.at === String(at) && input.ariaLabel === name) return;
  Object.assign(input.dataset, { drag, at });
  input.setAttribute("aria-label", name);
  input.dataset.isNew = "1";
}

function takeTexts({ root }, { texts, tables, limits, verdict, lit }) {
  for (const [name, value] of Object.entries(texts ?? {})) {
    // The answer to the last good numbers does not take the word from what is being said on a bad one.
    if (name === "refused" && root.querySelector("[aria-invalid=true]")) continue;
    for (const place of root.querySelectorAll(`[data-text=${name}]`)) write(place, value);
  }
  for (const [name, rows] of Object.entries(tables ?? {})) {
    const body = root.querySelector(`[data-table=${name}] tbody`);
    if (body) fillRows(body, sorted(body.parentElement, rows));
  }
  for (const [name, at] of Object.entries(lit ?? {})) {
    for (const [i, row] of [...root.querySelector(`[data-table=${name}] tbody`).rows].entries()) row.classList.toggle("lit", i === at);
  }
  for (const [name, most] of Object.entries(limits ?? {})) root.querySelector(`[data-drag=${name}]`).max = most;
  if (verdict) root.style.setProperty("--verdict", verdict);
}

// A table's headings: a click sorts by what stands second in each cell of that column, another one the other way.
function headTable(table, heads) {
  const row = table.tHead.rows[0];
  if (row.cells.length) return;
  heads.forEach(([name, explanation], column) => {
    const cell = row.appendChild(document.createElement("th"));
    const button = cell.appendChild(document.createElement("button"));
    Object.assign(cell, { scope: "col", ariaSort: "none" });
    Object.assign(button, { title: explanation, textContent: name });
    button.onclick = () => {
      const down = cell.ariaSort === "ascending";
      for (const other of row.cells) other.ariaSort = "none";
      cell.ariaSort = down ? "descending" : "ascending";
      table.dataset.by = column;
      fillRows(table.tBodies[0], sorted(table, table.rowsGiven));
    };
  });
}

function sorted(table, rows) {
  table.rowsGiven = rows;
  const { by } = table.dataset;
  if (by === undefined) return rows;
  const way = table.tHead.rows[0].cells[by].ariaSort === "descending" ? -1 : 1;
  return [...rows].sort((a, b) => way * (a[by][1] < b[by][1] ? -1 : a[by][1] > b[by][1] ? 1 : 0));
}
