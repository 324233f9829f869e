/** Below this length a value is part of too many ordinary words: masking it would make every text unreadable. */
const MIN_LENGTH = 4
/** A line of a private key is long; shorter lines of a value are not secret by themselves. */
const MIN_LINE = 24
/** Forms kept at most: the oldest are forgotten first. */
const MAX_FORMS = 20_000

const forms = new Set<string>()

/** The ways a value is written in texts that are not ours: as it is, in JSON, in an address, in base64, cut in lines. */
function formsOf(value: string): string[] {
  const base64 = Buffer.from(value, 'utf8').toString('base64')
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(wellFormed(value)),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    ...value.split(/\r?\n/).filter((line) => line.length >= MIN_LINE && !line.startsWith('-----')),
    ...leavesOf(value),
  ]
}

// Half a character can't be written in an address.
const wellFormed = (value: string): string => Buffer.from(value, 'utf8').toString('utf8')

/** A service account is a JSON: what travels in an error of its SDK is one of its texts. */
function leavesOf(value: string): string[] {
  if (!value.trimStart().startsWith('{')) return []
  try {
    const parsed: unknown = JSON.parse(value)
    const texts = Object.values(Object(parsed)).filter((leaf) => typeof leaf === 'string')
    return texts
      .filter((leaf) => leaf.length >= MIN_LINE && !/^https?:\/\//.test(leaf))
      .flatMap((leaf) => [leaf, ...leaf.split('\n').filter((line) => line.length >= MIN_LINE)])
  } catch {
    return []
  }
}

/** From now on no text that passes the redactor shows this value, in any of its usual forms. For the life of the process. */
export function rememberSecret(value: string): void {
  if (value.length < MIN_LENGTH) return
  for (const form of formsOf(value)) {
    if (form.length < MIN_LENGTH) continue
    // Known again: it becomes the newest.
    forms.delete(form)
    forms.add(form)
  }
  for (const oldest of forms) {
    if (forms.size <= MAX_FORMS) break
    forms.delete(oldest)
  }
}

/** `text` with every known secret replaced. The longest first: one may be part of another. */
export function maskKnown(text: string, mask: string): string {
  if (text.length < MIN_LENGTH || forms.size === 0) return text
  const present = [...forms].filter((form) => text.includes(form)).sort((a, b) => b.length - a.length)
  return present.reduce((out, form) => out.replaceAll(form, () => mask), text)
}
