// Where a parameter can be shown on the screen that is open: an editor offers its rows, the palette
// leads there.

type GoTo = (key: string) => void;

let offered: GoTo | null = null;

/** Until the returned function is called, this is where a parameter is. */
export function offerParameters(goTo: GoTo): () => void {
  offered = goTo;
  return () => {
    if (offered === goTo) offered = null;
  };
}

/** Shows the parameter's row and puts the focus there; false where no screen has one. */
export function goToParameter(key: string): boolean {
  if (offered === null) return false;
  offered(key);
  return true;
}
