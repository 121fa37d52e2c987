export function typed(text: string): number {
  return text.length;
}
