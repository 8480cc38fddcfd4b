/** The nearest element of this selector at or around the place of an event. */
export function around<Found extends Element = Element>({ target }: Event, selector: string): Found | null {
  // SAFETY: these events of a view's elements happen at elements.
  return (target as Element).closest<Found>(selector);
}
