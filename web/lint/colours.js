// Colours have one home: tokens/. An ESLint rule for scripts, and the same check for style sheets.
const NOTATION =
  /#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(/i;
const NAMED =
  /\b(?:black|white|red|green|blue|gray|grey|orange|yellow|purple|pink|brown|cyan|magenta|silver)\b/i;
const COMMENT = /\/\*[\s\S]*?\*\//g;

/** Lines of a style sheet that name a colour, as `line: declaration`. */
export function coloursOf(css) {
  const blanked = css.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
  return blanked.split("\n").flatMap((line, at) => {
    const value = line.slice(line.indexOf(":") + 1).replace(/var\([^)]*\)/g, "");
    const found = line.includes(":") && (NOTATION.test(value) || NAMED.test(value));
    return found ? [`${at + 1}: ${line.trim()}`] : [];
  });
}

export const colours = {
  meta: {
    type: "problem",
    schema: [],
    messages: { colour: "Colours stand in tokens/ only; use one of its variables." },
  },
  create(context) {
    const check = (node, text) => {
      if (NOTATION.test(text)) context.report({ node, messageId: "colour" });
    };
    return {
      Literal(node) {
        if (typeof node.value === "string") check(node, node.value);
      },
      TemplateElement(node) {
        check(node, node.value.raw);
      },
      JSXAttribute(node) {
        const plain = node.value?.type === "Literal" ? String(node.value.value) : "";
        if (["color", "c", "bg", "fill", "stroke"].includes(node.name.name) && NAMED.test(plain))
          context.report({ node, messageId: "colour" });
      },
    };
  },
};
