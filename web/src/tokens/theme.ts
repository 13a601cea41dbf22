// Mantine dressed in the tokens: our colours, one neutral primary button, quiet controls.
import {
  ActionIcon,
  Button,
  createTheme,
  Drawer,
  Menu,
  Modal,
  Select,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from "@mantine/core";

// Mantine wants ten shades of its primary colour; ours has one per scheme.
const accent: MantineColorsTuple = [
  "var(--accent-tint)",
  "var(--accent-tint)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
  "var(--accent)",
];

const layer = {
  // The page's body never scrolls, so nothing needs to be held; the lock would bring a style
  // element without a nonce.
  lockScroll: false,
  transitionProps: { duration: 180 },
  overlayProps: { color: "var(--scrim)", backgroundOpacity: 1 },
};

type ButtonVars = Record<`--button-${string}`, string>;

const buttonLooks: Record<string, ButtonVars> = {
  filled: {
    "--button-bg": "var(--ink)",
    "--button-hover": "var(--ink-hover)",
    "--button-color": "var(--ink-text)",
    "--button-bd": "1px solid transparent",
  },
  // What cannot be taken back, or takes something away.
  danger: {
    "--button-bg": "var(--error-text)",
    "--button-hover": "var(--error-hover)",
    "--button-color": "var(--bg)",
    "--button-bd": "1px solid transparent",
  },
  default: {
    "--button-bg": "var(--bg)",
    "--button-hover": "var(--surface-2)",
    "--button-color": "var(--text-1)",
    "--button-bd": "1px solid var(--border-input)",
  },
  subtle: {
    "--button-bg": "transparent",
    "--button-hover": "var(--surface-2)",
    "--button-color": "var(--text-2)",
    "--button-bd": "1px solid transparent",
  },
};

export const theme = createTheme({
  colors: { accent },
  primaryColor: "accent",
  primaryShade: 6,
  fontFamily: "var(--font-text)",
  fontFamilyMonospace: "var(--font-value)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.45", sm: "1.45", md: "1.45", lg: "1.45", xl: "1.3" },
  defaultRadius: "6px",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: "xs", fw: 500 },
      vars: (_theme, props) => ({
        root: { "--button-height": "32px", ...buttonLooks[props.variant ?? "filled"] },
      }),
    }),
    ActionIcon: ActionIcon.extend({
      defaultProps: { variant: "subtle", size: 32 },
      vars: () => ({
        root: {
          "--ai-bg": "transparent",
          "--ai-hover": "var(--surface-2)",
          "--ai-color": "var(--text-2)",
          "--ai-bd": "1px solid transparent",
        },
      }),
    }),
    Drawer: Drawer.extend({ defaultProps: layer }),
    // A menu has items and nothing else, so that readers count them right.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
    // All in one place, near the top: one that grows keeps its head where it was.
    Modal: Modal.extend({ defaultProps: { ...layer, yOffset: "10dvh", radius: 8 } }),
    Select: Select.extend({
      defaultProps: { comboboxProps: { shadow: "md" }, withScrollArea: false },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, transitionProps: { duration: 120 } },
    }),
  },
});

const mapped = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--text-1)",
  "--mantine-color-dimmed": "var(--text-3)",
  "--mantine-color-placeholder": "var(--text-3)",
  "--mantine-color-default": "var(--bg)",
  "--mantine-color-default-hover": "var(--surface-2)",
  "--mantine-color-default-color": "var(--text-1)",
  "--mantine-color-default-border": "var(--border)",
  "--mantine-color-error": "var(--error-text)",
  "--mantine-color-anchor": "var(--accent-text)",
  "--mantine-color-disabled": "var(--surface-2)",
  "--mantine-color-disabled-color": "var(--border-input)",
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--mantine-shadow-md": "var(--shadow)", "--mantine-shadow-xl": "var(--shadow)" },
  light: mapped,
  dark: mapped,
});
