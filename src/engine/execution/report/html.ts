const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is already HTML: only `html` and `raw` make it. */
export class Html {
  constructor(readonly text: string) {}
}

/** The one escape function: whatever is not Html goes through it. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '')

/** Trusted markup of ours (style sheets, icons); never data. */
export const raw = (text: string): Html => new Html(text)

export type Piece = Html | string | number | null | undefined | readonly Piece[]

const render = (piece: Piece): string => {
  if (piece === null || piece === undefined) return ''
  if (piece instanceof Html) return piece.text
  if (typeof piece === 'string' || typeof piece === 'number') return escapeHtml(String(piece))
  return piece.map(render).join('')
}

/** Template tag: every value is escaped unless it is Html already. */
export function html(strings: TemplateStringsArray, ...values: Piece[]): Html {
  return new Html(strings.reduce((out, text, index) => out + text + render(values[index]), ''))
}
