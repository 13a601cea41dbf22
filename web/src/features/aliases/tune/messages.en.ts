// The words of changing one value from the list.

export const t = {
  title: (name: string) => `Change a value of ${name}`,
  parameter: "Parameter",
  served: (value: string) => `Published: ${value}`,
  servedUnset: "Published: unset",
  status: {
    rest: "A change goes into the draft, and is served once it is published.",
    waiting: "Saving …",
    saved: "Saved in the draft; served once it is published.",
    same: "As published: the draft has nothing left to say.",
    failed: "Not saved.",
  },
  back: "As published",
  openEditor: "Open editor",
  createCustom: "Create custom",
  ofModel: "A model’s own alias cannot be changed. An alias of yours can be made from it.",
  effective: (value: string, layer: string) => `${value}, from ${layer}`,
  engineDecides: "the engine decides",
  unreadable: "The draft’s text cannot be read.",
  unreadableHelp: "Open it in the editor, where its text can be mended.",
  loading: "Loading the value",
} as const;
