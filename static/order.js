// Sections are dragged by a handle that only a script can offer; "Op" and "Ned" do the same without one.

const list = document.getElementById("sections");
const form = document.getElementById("order");

const rows = () => [...list.children];
const order = () => rows().map((row) => row.dataset.section).join(",");

const drag = (row, handle) => (event) => {
  const before = order();
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  row.classList.add("dragged");

  const move = ({ clientY }) => {
    const next = rows().find((each) => {
      const { top, height } = each.getBoundingClientRect();
      return each !== row && clientY < top + height / 2;
    });
    if (next !== row.nextElementSibling) list.insertBefore(row, next ?? null);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", move);
    row.classList.remove("dragged");
    if (order() === before) return;
    form.elements.order.value = order();
    form.requestSubmit();
  };
  handle.addEventListener("pointermove", move);
  handle.addEventListener("lostpointercapture", drop, { once: true });
};

for (const row of rows()) {
  const handle = document.createElement("span");
  handle.className = "handle";
  handle.setAttribute("aria-hidden", "true"); // who listens has the buttons
  handle.addEventListener("pointerdown", drag(row, handle));
  row.prepend(handle);
}
