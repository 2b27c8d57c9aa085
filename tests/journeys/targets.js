// What is too small to be hit: below the smallest size that WCAG 2.5.8 asks for, with the exceptions that it makes
// (a link in a sentence, room around it, what the browser draws); on touch what one works with, by our own measure.

function tooSmall({ least, among, isSpaced }) {
  const style = (one, part) => getComputedStyle(one, part);
  const isSeen = (one) =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !one.closest(".visually-hidden, .skip, [aria-hidden=true], dialog:not([open])");
  const positioned = (one) => (!one || style(one).position !== "static" ? one : positioned(one.parentElement));
  // What a press reaches: a label with its box, a link that its row stretches over all of itself.
  const reach = (one) => {
    const after = style(one, "::after");
    if (after.content !== "none" && after.position === "absolute" && after.inset === "0px") {
      return (style(one).position === "static" ? positioned(one.parentElement) : one).getBoundingClientRect();
    }
    const isBox = one.matches("[type=checkbox], [type=radio]");
    return ((isBox && (one.closest("label") ?? one.labels?.[0])) || one).getBoundingClientRect();
  };
  const inSentence = (one) => {
    const [block, own] = [one.closest("p, li, td, dd, dt, label, span:not(:only-child), div"), one.textContent.trim()];
    return style(one).display.startsWith("inline") && block && block.textContent.trim().length > own.length + 1;
  };

  const targets = [...document.querySelectorAll(among)]
    .filter((one) => isSeen(one) && !one.disabled)
    .map((one) => ({ one, box: reach(one) }))
    .filter(({ box }) => box.width && box.height);
  const small = targets.filter(({ box }) => box.width < least - 0.5 || box.height < least - 0.5);
  const middle = ({ left, top, width, height }) => [left + width / 2, top + height / 2];
  const far = ([x, y], box) =>
    Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) >= least / 2 - 0.5;
  const isAlone = (target) =>
    targets.every((other) => {
      if (other === target || other.one.contains(target.one) || target.one.contains(other.one)) return true;
      const [here, there] = [middle(target.box), middle(other.box)];
      const isApart = Math.hypot(here[0] - there[0], here[1] - there[1]) >= least - 0.5;
      return small.includes(other) ? isApart : far(here, other.box) || other.box.width > 10 * target.box.width;
    });
  return small
    .filter((target) => !(isSpaced && (inSentence(target.one) || isAlone(target))))
    .map(({ one, box }) => `${Math.round(box.width)} × ${Math.round(box.height)}: ${one.outerHTML.replace(/\s+/g, " ").slice(0, 140)}`);
}
