// ESLint rule: words that people read stand in messages.en.ts, nowhere else.
const SHOWN = new Set([
  "alt",
  "aria-label",
  "aria-description",
  "aria-roledescription",
  "label",
  "message",
  "nothingFoundMessage",
  "note",
  "placeholder",
  "text",
  "title",
]);
const LETTER = /\p{L}/u;

export const words = {
  meta: {
    type: "problem",
    schema: [],
    messages: { literal: "Words that people read belong into messages.en.ts." },
  },
  create(context) {
    const hasLetters = (node) =>
      (node?.type === "Literal" && typeof node.value === "string" && LETTER.test(node.value)) ||
      (node?.type === "TemplateLiteral" && node.quasis.some((part) => LETTER.test(part.value.raw)));
    const check = (node) => {
      if (hasLetters(node)) context.report({ node, messageId: "literal" });
    };
    return {
      JSXText(node) {
        if (LETTER.test(node.value)) context.report({ node, messageId: "literal" });
      },
      JSXAttribute(node) {
        if (!SHOWN.has(node.name.name)) return;
        const value = node.value;
        check(value?.type === "JSXExpressionContainer" ? value.expression : value);
      },
      "JSXElement > JSXExpressionContainer > :matches(Literal, TemplateLiteral)": check,
      "JSXElement > JSXExpressionContainer > ConditionalExpression > Literal": check,
      'CallExpression[callee.name="announce"] > :matches(Literal, TemplateLiteral)': check,
    };
  },
};
