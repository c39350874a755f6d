// A section saves itself a second after the last key, and keeps in the browser what has not come that far. Without this
// the button "Gem afsnittet" saves.

const PAUSE = 1000;
const form = document.getElementById("afsnit");
const saved = document.getElementById("saved");
const version = form.elements.version;
const editors = new WeakMap(); // textarea → the editor that hides it
let waiting, changed = false, inFlight = false, toBeSent = false;

// --- What is typed is kept here until the server has it.

const keptAs = form.dataset.keptAs;
const SILENT = ["csrfmiddlewaretoken", "version"];

const typed = () => JSON.stringify([...new FormData(form)].filter(([name]) => !SILENT.includes(name)));
const kept = () => JSON.parse(localStorage.getItem(keptAs) ?? "null");
const keep = (more = {}) => {
  try {
    localStorage.setItem(keptAs, JSON.stringify({ version: version.value, typed: typed(), ...more }));
  } catch {
    // No room in the browser, or none allowed: then only the server has it.
  }
};
const forget = () => localStorage.removeItem(keptAs);
const untouched = () => !form.hasAttribute("data-unsaved");
const found = kept(); // now: what is typed before the page has loaded is kept in the same place

const setField = (field, value) => {
  field.value = value;
  editors.get(field)?.commands.setContent(value);
};

const fillIn = (pairs) => {
  for (const field of form.elements) {
    if (!field.name || SILENT.includes(field.name)) continue;
    const mine = pairs.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = mine.includes(field.value);
    else setField(field, mine[0] ?? "");
  }
};

const offerWhatWasKept = () => {
  if (!found || form.closest("main").querySelector(".error-summary")) return;
  const arrived = found.sent && found.version !== version.value; // it was sent by the button, and the server took it
  if (arrived || found.typed === typed()) return void (untouched() && forget());
  const offer = document.getElementById("kept");
  offer.hidden = false;
  offer.querySelector("[data-fetch]").addEventListener("click", () => {
    fillIn(JSON.parse(found.typed));
    version.value = found.version; // written on that one: if another has saved since, both are shown
    offer.hidden = true;
    touch();
  });
  offer.querySelector("[data-drop]").addEventListener("click", () => {
    if (untouched()) forget();
    offer.hidden = true;
  });
};

// --- Saving.

const save = () => {
  clearTimeout(waiting);
  if (inFlight) return; // it saves again when the answer is there
  changed = false;
  inFlight = true;
  htmx.trigger(saved, "save");
};

function touch() {
  changed = true;
  form.setAttribute("data-unsaved", "");
  clearTimeout(waiting);
  // Who is shown two versions decides by a button which is saved.
  if (!document.querySelector(".stale, [data-mine]")) waiting = setTimeout(save, PAUSE);
  setTimeout(keep); // after the editor has written to its field
}

const ofTheForm = ({ target }) => target.closest?.("#afsnit") && target.id !== "figure" && touch();
document.addEventListener("input", ofTheForm);
document.addEventListener("change", ofTheForm);

saved.addEventListener("htmx:afterRequest", ({ detail: { xhr } }) => {
  inFlight = false;
  if (toBeSent) return form.requestSubmit();
  // Refused, and 422 is a success to htmx: kept here, and sent again with what is typed next.
  if (xhr.status !== 200) return void (changed = true);
  if (changed) return save();
  form.removeAttribute("data-unsaved");
  forget();
});

saved.addEventListener("htmx:afterSwap", () => {
  const is = saved.querySelector("[data-version]")?.dataset.version;
  if (!is) return;
  version.value = is;
  showPaper(is);
});

// The button sends what is newest: not before the answer to what is on its way has brought its version.
form.addEventListener("submit", (event) => {
  clearTimeout(waiting);
  if (inFlight) {
    event.preventDefault();
    event.stopPropagation();
    toBeSent = true;
  } else {
    keep({ sent: true });
  }
});

saved.addEventListener("click", ({ target }) => {
  if (target.dataset.mine) {
    version.value = target.dataset.mine;
    save();
  } else if ("theirs" in target.dataset) {
    forget();
    form.removeAttribute("data-unsaved");
    location.assign(location.pathname); // a reload would keep what stands in the fields
  }
});

document.addEventListener("logged-in", () => changed && save());
window.addEventListener("online", () => changed && save());

// --- The paper beside the text: the new one takes the old one's place when it is there, so that nothing flashes.

const showPaper = (is) => {
  const old = document.getElementById("paper");
  const address = new URL(old.src);
  address.searchParams.set("udgave", is);
  const next = old.cloneNode();
  next.removeAttribute("id");
  next.src = address;
  next.classList.add("coming");
  const takeItsPlace = () => {
    old.remove();
    next.id = "paper";
    next.classList.remove("coming");
  };
  next.addEventListener("load", takeItsPlace, { once: true });
  document.querySelectorAll("iframe.coming").forEach((each) => each.remove());
  old.after(next);
};

// --- Figures, put in where the cursor is.

const insert = document.getElementById("insert");
if (insert) {
  const field = form.elements.html ?? form.elements.points;
  insert.hidden = false;
  insert.querySelector("button").addEventListener("click", () => {
    const token = insert.querySelector("select").value;
    const editor = editors.get(field);
    if (editor) {
      editor.chain().focus().insertContent(token).run();
    } else {
      field.setRangeText(token, field.selectionStart, field.selectionEnd, "end");
      field.focus();
    }
    touch();
  });
}

document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => editors.set(textarea, editor));
window.addEventListener("load", offerWhatWasKept);
