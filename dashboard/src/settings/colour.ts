// A colour is easier picked than typed, and seen while it is.

const PREVIEW = "/settings/practice/accent.svg";

export function colour(picker: HTMLInputElement): void {
  const name = picker.dataset.colourFor ?? "";
  const field = document.getElementById(name);
  if (!(field instanceof HTMLInputElement)) {
    return;
  }
  const shown = document.querySelector<HTMLImageElement>(`[data-colour-shown="${name}"]`);
  const show = () => {
    if (shown && /^(#[0-9a-f]{3}|#[0-9a-f]{6})?$/i.test(field.value)) {
      shown.src = `${PREVIEW}?${new URLSearchParams({ colour: field.value })}`;
    }
  };
  picker.hidden = false;
  picker.addEventListener("input", () => {
    field.value = picker.value;
    show();
  });
  field.addEventListener("input", () => {
    if (/^#[0-9a-f]{6}$/i.test(field.value)) {
      picker.value = field.value;
    }
    show();
  });
}
