"use strict";
// Filters, and the state of the filters in the address: `#anchor?find=…&verdict=…`.
// Texts of others are read and never written.
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const fields = { find: byId("find"), verdict: byId("verdict"), search: byId("search"), differing: byId("differing") };
  const rows = all("tr[data-filtered]");
  const sections = all("[data-section]");
  const habits = all("[data-habit]");
  const texts = new Map();
  const FEW = 8;

  /** What an element says, in small letters; read once. */
  function said(element) {
    if (!texts.has(element)) texts.set(element, element.textContent.toLowerCase());
    return texts.get(element);
  }

  function state() {
    const kept = new URLSearchParams();
    for (const [name, field] of Object.entries(fields)) {
      if (!field) continue;
      if (field.type === "checkbox") {
        if (field.checked) kept.set(name, "yes");
      } else if (field.value) kept.set(name, field.value);
    }
    return kept.toString();
  }

  function anchor() {
    return location.hash.slice(1).split("?")[0];
  }

  function write() {
    const kept = state();
    const hash = kept ? `#${anchor()}?${kept}` : `#${anchor()}`;
    if (hash !== location.hash && (kept || location.hash)) history.replaceState(null, "", hash);
  }

  function filter() {
    const wanted = fields.find.value.trim().toLowerCase();
    const verdict = fields.verdict.value;
    let count = 0;
    const takes = (element) =>
      (!verdict || element.dataset.verdict === verdict) && (!wanted || said(element).includes(wanted));
    for (const section of sections) section.hidden = !takes(section);
    for (const row of rows) {
      const link = row.querySelector("a");
      const section = link && byId(link.hash.slice(1));
      row.hidden = section ? section.hidden : !takes(row);
      if (!row.hidden) count += 1;
    }
    byId("found").textContent = wanted || verdict ? `${count} of ${rows.length} are shown` : "";
  }

  function search() {
    if (!fields.search) return;
    const wanted = fields.search.value.trim().toLowerCase();
    const differing = fields.differing.checked;
    let count = 0;
    for (const habit of habits) {
      const whole = !wanted || said(habit.querySelector("summary")).includes(wanted);
      let shown = 0;
      for (const row of habit.querySelectorAll("tbody tr")) {
        row.hidden = (differing && !("differs" in row.dataset)) || !(whole || said(row).includes(wanted));
        if (!row.hidden) shown += 1;
      }
      habit.hidden = shown === 0;
      count += shown;
    }
    for (const layer of all("[data-layer]")) layer.hidden = !layer.querySelector("[data-habit]:not([hidden])");
    // What was searched for need not be looked for again.
    const left = habits.filter((habit) => !habit.hidden);
    if (wanted && left.length <= FEW) for (const habit of left) habit.open = true;
    byId("probes-found").textContent = wanted || differing ? `${count} probes are shown` : "";
  }

  function read() {
    const [, kept] = location.hash.slice(1).split("?");
    if (kept === undefined) return false;
    const wanted = new URLSearchParams(kept);
    for (const [name, field] of Object.entries(fields)) {
      if (!field) continue;
      if (field.type === "checkbox") field.checked = wanted.get(name) === "yes";
      else field.value = wanted.get(name) ?? "";
    }
    return true;
  }

  /** Show what the address leads to, whatever it is folded in. */
  function reveal() {
    const target = anchor() && byId(anchor());
    if (!target) return;
    for (let one = target.closest("[hidden]"); one; one = one.closest("[hidden]")) one.hidden = false;
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    target.scrollIntoView();
  }

  function change() {
    filter();
    search();
    write();
  }

  for (const id of ["filter", "atlas-filter"]) {
    const form = byId(id);
    if (!form) continue;
    form.hidden = false;
    form.addEventListener("input", change);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(change));
  }
  window.addEventListener("hashchange", () => {
    read();
    change();
    reveal();
  });
  window.addEventListener("beforeprint", () => {
    // All code and the atlas would be two hundred pages: of them, what is open.
    for (const one of all("details:not(.habit, .part, .says)")) one.open = true;
  });
  const begun = read();
  change();
  // Not every browser opens what a link leads into.
  const folded = anchor() && byId(anchor())?.closest("details:not([open])");
  if (begun || folded) reveal();
})();
