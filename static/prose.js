// Danish for the editor of notes, and a name for it. Loaded before the editor, which asks window.gettext for its words
// but names its buttons in English by itself.

const DANISH = {
  Cancel: "Fortryd",
  "Edit Link": "Ret link",
  Title: "Titel",
  URL: "Adresse",
  Update: "Gem",
  Insert: "Indsæt",
  paragraph: "Almindelig tekst",
  "heading 3": "Mellemoverskrift",
  "unordered list": "Punktopstilling",
  "ordered list": "Nummereret liste",
  blockquote: "Citat",
  bold: "Fed",
  italic: "Kursiv",
  "insert link": "Indsæt link",
  "remove link": "Fjern link",
  undo: "Fortryd",
  redo: "Gentag",
};

window.gettext = (words) => DANISH[words] ?? words;

// The field that the page drew is hidden behind the editor: its label, hint and error are the editor's now.
const name = (editor) => {
  const field = editor.querySelector("textarea");
  const text = editor.querySelector("[role=textbox]");
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (!text || !label) return;
  editor.dataset.named = "";
  label.id ||= `${field.id}_label`;
  text.setAttribute("aria-labelledby", label.id);
  text.setAttribute("aria-multiline", "true");
  for (const each of ["aria-describedby", "aria-invalid"]) {
    if (field.hasAttribute(each)) text.setAttribute(each, field.getAttribute(each));
  }
  label.addEventListener("click", () => text.focus());
};

const translate = (button) => {
  button.title = gettext(button.title);
  button.setAttribute("aria-label", button.title);
};

// Its parts come one by one.
new MutationObserver(() => {
  document.querySelectorAll(".prose-editor:not([data-named])").forEach(name);
  document.querySelectorAll(".prose-editor button[title]").forEach((button) => button.title in DANISH && translate(button));
}).observe(document.documentElement, { childList: true, subtree: true });
