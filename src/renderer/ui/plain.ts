/** A text as it is looked for and sorted: without accents, in small letters. */
export const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** Whether a text has what somebody typed, however they wrote it; everything has nothing. */
export const matches = (text: string, search: string): boolean => {
  const wanted = plain(search.trim())
  return wanted === '' || plain(text).includes(wanted)
}
