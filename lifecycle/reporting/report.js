"use strict";
// Moves the day. What is so on each day was computed before; nothing is calculated here but which of it to show.
(() => {
  const at = (id) => document.getElementById(id);
  const data = JSON.parse(at("days").textContent);
  const DAY = 86400000;
  const HOW = 5; // the column that is folded where it is long
  const LONG = 100;
  const NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  const first = Date.parse(data.first + "T00:00:00Z");
  const slider = at("day-slider");
  const timeline = document.querySelector("#timeline svg");
  const cursor = timeline && timeline.querySelector(".tl-cursor");

  // A stop is the start of a day, or an instant within one at which something changes.
  const within = (stop) => data.within.filter(([place]) => place <= stop).length;
  const dayOf = (stop) => stop - within(stop);
  const stopOf = (day) => data.within.reduce((stop, [place]) => (place <= stop ? stop + 1 : stop), day);
  const written = (day) => new Date(first + day * DAY).toISOString().slice(0, 10);
  const spanOf = (stop) => data.spans.filter(([from]) => from <= stop).length - 1;

  function named(stop) {
    const day = dayOf(stop);
    const time = data.within.find(([place]) => place === stop);
    const seen = stop === data.seen ? " (the day of this report)" : "";
    return NAMES[new Date(first + day * DAY).getUTCDay()] + " " + written(day) + (time ? ", from " + time[1] : "") + seen;
  }

  // A text with its days marked as such, so that no line breaks within one.
  function said(text) {
    return text.split(/\b(\d{4}-\d{2}-\d{2})\b/).map((part, n) => (n % 2 ? made("time", part) : part));
  }

  function made(name, text) {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function folded(text) {
    const details = made("details");
    details.append(made("summary", "Show how"), made("p"));
    details.lastChild.append(...said(text));
    return details;
  }

  function filled(table, rows) {
    const heads = Array.from(table.tHead.rows[0].cells, (cell) => cell.textContent);
    const body = made("tbody");
    body.setAttribute("role", "rowgroup");
    for (const row of rows) {
      const line = body.appendChild(made("tr"));
      line.setAttribute("role", "row");
      data.rows[row].forEach((text, column) => {
        const cell = line.appendChild(made("td"));
        cell.setAttribute("role", "cell");
        cell.dataset.label = heads[column];
        const told = data.texts[text];
        cell.appendChild(made("div")).append(...(column === HOW && told.length > LONG ? [folded(told)] : said(told)));
      });
    }
    table.tBodies[0].replaceWith(body);
    table.hidden = rows.length === 0;
  }

  function show(stop) {
    const [, state, sentence, open, later, always] = data.spans[spanOf(stop)];
    at("day-name").textContent = named(stop);
    at("day-sentence").replaceChildren(...said(data.texts[sentence]));
    slider.value = String(stop);
    slider.setAttribute("aria-valuetext", named(stop) + ": " + (data.texts[state] || "not in force"));
    at("day-date").value = written(dayOf(stop));
    filled(at("day-open"), open);
    filled(at("day-later-powers"), later);
    at("day-always").replaceChildren(
      ...always.map((row) => {
        const [who, may, , clause] = data.rows[row].map((text) => data.texts[text]);
        return made("li", who + ": " + may + " [" + clause + "]");
      }),
    );
    at("day-earlier").disabled = spanOf(stop) === 0;
    at("day-later").disabled = spanOf(stop) === data.spans.length - 1;
    at("any-day").dataset.state = data.texts[state];
    for (const place of document.querySelectorAll("#diagram [data-state]")) {
      place.classList.toggle("chosen", place.dataset.state === data.texts[state]);
    }
    moved(dayOf(stop));
  }

  function moved(day) {
    if (!cursor) return;
    const [from, to] = data.axis;
    const left = Number(timeline.dataset.left);
    const right = Number(timeline.dataset.right);
    const x = left + ((day - from) / Math.max(1, to - from)) * (right - left);
    cursor.setAttribute("x1", x.toFixed(1));
    cursor.setAttribute("x2", x.toFixed(1));
    cursor.setAttribute("visibility", day >= from && day <= to ? "visible" : "hidden");
  }

  slider.addEventListener("input", () => show(Number(slider.value)));
  at("day-earlier").addEventListener("click", () => show(data.spans[spanOf(Number(slider.value)) - 1][0]));
  at("day-later").addEventListener("click", () => show(data.spans[spanOf(Number(slider.value)) + 1][0]));
  at("day-back").addEventListener("click", () => show(data.seen));
  at("day-date").addEventListener("change", (event) => {
    const day = Math.round((Date.parse(event.target.value + "T00:00:00Z") - first) / DAY);
    if (day >= 0 && day <= dayOf(data.stops - 1)) show(stopOf(day));
  });
  addEventListener("beforeprint", () => {
    for (const folded of document.querySelectorAll("details")) folded.open = true;
  });
  at("day-board").hidden = false;
  show(data.seen);
})();
