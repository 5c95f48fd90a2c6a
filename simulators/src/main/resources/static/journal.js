// The journal: the latest entries, filtered as the person at the page likes.

import { $, MAX_ROWS, control, element, report, time } from "./page.js";

const KEPT_ENTRIES = 2000;
const entries = [];

/** What is known of a call so far. */
export const entriesOf = (callSid) => entries.filter((entry) => entry.call === callSid);

export function keep(entry) {
  entries.push(entry);
  if (entries.length > KEPT_ENTRIES) {
    entries.splice(0, entries.length - KEPT_ENTRIES);
  }
  addJournal(entry);
}

/** From where to read, so that no more comes than is kept. */
export const firstKept = (lastSeq) => Math.max(0, lastSeq - KEPT_ENTRIES);

function matches(entry) {
  const vendor = $("filter-vendor").value;
  const text = $("filter-text").value.toLowerCase();
  return (!vendor || entry.vendor === vendor)
    && (!text || JSON.stringify(entry).toLowerCase().includes(text));
}

function journalRow(entry) {
  return element(
    "tr",
    {},
    ...[time(entry.at), entry.vendor, entry.kind, entry.call ?? "", JSON.stringify(entry.detail)].map((text) =>
      element("td", { textContent: text })),
  );
}

let waitingRows = [];
let drawing = 0;
function addJournal(entry) {
  if (matches(entry)) {
    waitingRows.push(entry);
    drawing ||= requestAnimationFrame(() => {
      drawing = 0;
      $("journal").prepend(...waitingRows.slice(-MAX_ROWS).reverse().map(journalRow));
      waitingRows = [];
      while ($("journal").children.length > MAX_ROWS) {
        $("journal").lastChild.remove();
      }
    });
  }
}

function redrawJournal() {
  waitingRows = [];
  $("journal").replaceChildren(...entries.filter(matches).slice(-MAX_ROWS).reverse().map(journalRow));
}
$("filter-vendor").onchange = redrawJournal;
$("filter-text").oninput = redrawJournal;
$("reset").onclick = async () => {
  if (confirm("Hang up all calls and forget journals, faults and phone settings?")) {
    await control("POST", "/reset").catch(report);
    location.reload();
  }
};
