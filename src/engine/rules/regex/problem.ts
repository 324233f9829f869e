/** Why a pattern can't be used. */
export class RegexError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message)
  }
}
