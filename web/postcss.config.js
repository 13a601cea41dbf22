// Mantine's own mixins (light, dark, hover) for its styles and ours.
export default { plugins: { "postcss-preset-mantine": {} } };
