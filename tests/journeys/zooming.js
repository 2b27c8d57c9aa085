// What somebody who sees little would miss on a page; each function is evaluated in it by itself.

// What cannot be read or pressed: beyond the edge, cut off without the dots that say so (or down to nothing but them),
// beneath something else; and what moves although somebody asked for no motion.
function faults() {
  const told = (what, one) => `${what}: ${one.outerHTML.replace(/\s+/g, " ").slice(0, 160)}`;
  const style = (one) => getComputedStyle(one);
  const box = (one) => one.getBoundingClientRect();
  const scrolls = (one) => one && (/auto|scroll/.test(style(one).overflowX) || scrolls(one.parentElement));
  const isSeen = (one) =>
    one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !one.closest(".visually-hidden, [aria-hidden=true], svg, dialog:not([open])");
  const hasText = (one) => [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  const wide = document.documentElement.clientWidth;
  const all = [...document.body.querySelectorAll("*")].filter(isSeen);
  const found = document.documentElement.scrollWidth > wide + 1 ? ["the page scrolls sideways"] : [];
  for (const one of all) {
    const { left, right } = box(one);
    const { overflowX, overflowY, textOverflow, webkitLineClamp, display, clipPath } = style(one);
    if (clipPath === "inset(50%)") continue; // for the ears alone
    const isWider = one.scrollWidth > one.clientWidth + 1;
    if (hasText(one) && right - left > 1 && (right > wide + 1 || left < -1) && !scrolls(one.parentElement)) {
      found.push(told("beyond the edge", one));
    }
    const isCut = /hidden|clip/.test(overflowX) && textOverflow !== "ellipsis" && isWider;
    const isCutBelow =
      /hidden|clip/.test(overflowY) && webkitLineClamp === "none" && one.scrollHeight > one.clientHeight + 2;
    const isLost = textOverflow === "ellipsis" && one.clientWidth < 64 && one.scrollWidth > 2 * one.clientWidth;
    if ((isCut || isCutBelow || isLost) && one.clientWidth && display !== "inline") found.push(told("cut off", one));
    if (/auto|scroll/.test(overflowX) && isWider && !one.matches("nav, pre")) found.push(told("scrolls sideways", one));
    const { animationName, animationIterationCount, transitionDuration } = style(one);
    const turns = animationName !== "none" && animationIterationCount === "infinite";
    const glides = transitionDuration.split(",").some((span) => parseFloat(span) > 0.01);
    if (turns || glides) found.push(told("moves", one));
  }

  const isAbove = (one) =>
    one.closest("[popover], dialog") ||
    [one, one.parentElement, one.parentElement?.parentElement].some((up) => up && /fixed|sticky/.test(style(up).position));
  const pressed = all.filter((one) => one.matches("a[href], button, input, select, textarea, summary") && !isAbove(one));
  pressed.forEach((one, number) =>
    pressed.slice(number + 1).forEach((other) => {
      const [a, b] = [box(one), box(other)];
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      const isWithin = one.contains(other) || other.contains(one);
      if (across > 2 && down > 2 && !isWithin) found.push(`${told("lies over another", one)} / ${told("", other)}`);
    }),
  );
  return found;
}

// What is wrong with the focus: not drawn around what has it, or out of sight, or beneath something.
function focus() {
  const one = document.activeElement;
  if (!one || one === document.body) return "";
  const shown = one.matches(".visually-hidden") ? one.closest("label") : one;
  const isMarked = [shown, shown.parentElement, shown.closest(".chip"), one.matches("textarea") && one.form]
    .filter(Boolean)
    .flatMap((up) => [getComputedStyle(up), getComputedStyle(up, "::after")])
    .some(
      ({ content, boxShadow, outlineStyle, outlineWidth }) =>
        content !== "none" && (boxShadow !== "none" || (outlineStyle !== "none" && parseFloat(outlineWidth) > 0)),
    );
  const { left, right, top, bottom } = shown.getBoundingClientRect();
  const across = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
  const down = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
  const above = document.elementFromPoint(across, down);
  const isInSight = above && (shown.contains(above) || above.contains(shown) || above.closest("label")?.contains(shown));
  const wrong = [isMarked ? "" : "not marked", isInSight ? "" : "out of sight"].filter(Boolean).join(" and ");
  return wrong && `${wrong}: ${shown.outerHTML.slice(0, 160)}`;
}
