// Sections are dragged by a handle that only a script can offer; "Op" and "Ned" do the same without one.

const list = document.getElementById("sections");
const form = document.getElementById("order");

const rows = () => [...list.children];
const order = () => rows().map((row) => row.dataset.section).join(",");

// On the document: a row that changes places loses the pointer that its handle had caught.
const drag = (row) => (event) => {
  const before = order();
  event.preventDefault();
  row.classList.add("dragged");

  const move = ({ clientY }) => {
    const next = rows().find((each) => {
      const { top, height } = each.getBoundingClientRect();
      return each !== row && clientY < top + height / 2;
    });
    if (next !== row.nextElementSibling) list.insertBefore(row, next ?? null);
  };
  const drop = () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", drop);
    document.removeEventListener("pointercancel", drop);
    row.classList.remove("dragged");
    if (order() === before) return;
    form.elements.order.value = order();
    form.requestSubmit();
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
};

for (const row of rows()) {
  const handle = document.createElement("span");
  handle.className = "handle";
  handle.setAttribute("aria-hidden", "true"); // who listens has the buttons
  handle.addEventListener("pointerdown", drag(row));
  row.prepend(handle);
}
