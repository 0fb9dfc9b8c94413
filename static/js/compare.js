// Compare and distribute: sums, what is left and the bar follow while amounts are typed. Without it, «Regn ut» does the same.
(() => {
  const form = document.querySelector("[data-compare]");
  if (!form) return;
  const SVG = "http://www.w3.org/2000/svg";
  const NBSP = "\u00a0";
  const MOST_PARTS = 200;
  const rows = [...form.querySelectorAll("[data-row]")];
  const status = form.querySelector("[data-status]");
  const bar = form.querySelector("[data-bar]");
  const envelope = Number(form.dataset.envelope);
  const before = Number(form.dataset.before);
  const after = Number(form.dataset.after);
  let telling;

  // The same amounts as the server takes: «1 200 000», «1.200.000 kr», «1200000,-». Others count as nothing yet.
  const read = (text) => {
    const bare = text.toLowerCase().replace(/[\s.\u00a0\u202f]/g, "").replace(/^kr/, "").replace(/(,-|kr|,00)+$/, "");
    return /^[0-9]{1,11}$/.test(bare) ? Number(bare) : 0;
  };
  const shown = (kroner) =>
    (kroner < 0 ? "\u2212" : "") + String(Math.abs(kroner)).replace(/\B(?=(\d{3})+$)/g, NBSP) + NBSP + "kr";
  const kronerOf = (row) => {
    const field = row.querySelector("input");
    return field ? read(field.value) : Number(row.dataset.kroner);
  };

  const draw = (amounts, given) => {
    const whole = Math.max(given, envelope, 1);
    const percent = (kroner) => `${(100 * kroner / whole).toFixed(2)}%`;
    const parts = amounts.length > MOST_PARTS ? [given] : amounts;
    const limit = bar.querySelector("[data-limit]");
    bar.querySelectorAll("[data-part]").forEach((part) => part.remove());
    const add = (name, x, width) => {
      const part = document.createElementNS(SVG, "rect");
      part.setAttribute("class", name);
      part.setAttribute("data-part", "");
      part.setAttribute("x", percent(x));
      part.setAttribute("width", percent(width));
      part.setAttribute("height", "100%");
      bar.insertBefore(part, limit);
    };
    let at = 0;
    for (const kroner of parts) {
      add("app-envelope__part", at, kroner);
      at += kroner;
    }
    if (given > envelope) add("app-envelope__over", envelope, given - envelope);
    limit.setAttribute("x1", percent(envelope));
    limit.setAttribute("x2", percent(envelope));
  };

  const add_up = () => {
    let running = before;
    const amounts = before ? [before] : [];
    let last = -1;
    for (const row of rows) {
      const kroner = kronerOf(row);
      running += kroner;
      if (kroner) {
        amounts.push(kroner);
        last = rows.indexOf(row);
      }
      row.querySelector("[data-running]").textContent = shown(running);
      const left = row.querySelector("[data-remaining]");
      left.textContent = shown(envelope - running);
      left.classList.toggle("minus", running > envelope);
    }
    rows.forEach((row, place) => row.toggleAttribute("data-cut", !after && last >= 0 && place === last + 1));
    const given = running + after;
    if (after) amounts.push(after);
    draw(amounts, given);
    // Told after a pause, so that a screen reader is not interrupted at every key.
    clearTimeout(telling);
    telling = setTimeout(() => {
      status.textContent = given > envelope
        ? `${shown(given - envelope)} ${form.dataset.over}`
        : `${shown(envelope - given)} ${form.dataset.left}`;
      status.classList.toggle("minus", given > envelope);
    }, 400);
  };

  form.addEventListener("input", (event) => {
    if (event.target.closest("[data-row]")) add_up();
  });
})();
