// Mantine's own mixins (light, dark, hover) for its styles and ours; and what is heard, not seen,
// where only a condition makes it so (elsewhere VisuallyHidden is there for it).
const heard = {
  position: "absolute",
  width: "1px",
  height: "1px",
  overflow: "hidden",
  "clip-path": "inset(50%)",
  "white-space": "nowrap",
};

export default { plugins: { "postcss-preset-mantine": { mixins: { heard } } } };
