/** A word of a statement outside its texts and comments, and whether it is called. */
export interface SqlWord {
  word: string
  called: boolean
}

/** One piece of SQL after another: comments, texts, quoted names, plain words; the rest is a character. */
const PIECES =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[eE]'(?:\\[\s\S]|''|[^'\\])*(?:'|$)|'(?:''|[^'])*(?:'|$)|\$([A-Za-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)|"(?:""|[^"])*(?:"|$)|[\p{L}_][\p{L}\p{N}_$]*|\s+|[\s\S]/gu

/** The words of a statement: a name is one whether it is quoted or not, and nothing in a text or a comment is. */
export function sqlWords(sql: string): SqlWord[] {
  const words: SqlWord[] = []
  let last: SqlWord | null = null
  for (const [piece] of sql.matchAll(PIECES)) {
    if (/^(?:--|\/\*|\s)/.test(piece)) continue
    const isWord = /^[\p{L}_"]/u.test(piece) && !/^[eE]'/.test(piece)
    if (isWord) {
      const word = piece.startsWith('"') ? piece.slice(1, -1).replaceAll('""', '"') : piece
      last = { word: word.toLowerCase(), called: false }
      words.push(last)
      continue
    }
    if (piece === '(' && last) last.called = true
    last = null
  }
  return words
}
