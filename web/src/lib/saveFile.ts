// Hands a text, or bytes, to the browser as a file to keep.

export function saveFile(name: string, content: string | Blob, type = "text/plain"): void {
  const blob =
    typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser reads the blob after this task.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
