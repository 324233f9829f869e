/**
 * The answers of the server, read here and not by the client: its own reader takes the names `00123` and `0x10`, and the value of a tag `007`, for
 * numbers, and loses the code of an error that comes after all in an answer of success. They are flat, and names in them are encoded as in an address.
 */

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const unescaped = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return ENTITIES[name ?? ''] ?? all
  })

const escaped = (text: string): string => text.replace(/[<>&"]/g, (char) => `&#${char.codePointAt(0)};`)

/** What is inside each element of that name. */
const all = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^]*?)</${name}>`, 'g'))].map((match) => match[1] ?? '')

/** The text of the first one; undefined without any. */
const first = (xml: string, name: string): string | undefined => {
  const [found] = all(xml, name)
  return found === undefined ? undefined : unescaped(found)
}

/** An error that came as the body of an answer of success. */
export class LateError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message)
  }
}

/** What is inside the element that the answer must be. @throws LateError when it is an error, or something else */
function inside(xml: string, name: string): string {
  const [error] = all(xml, 'Error')
  if (error !== undefined) throw new LateError(first(error, 'Code') ?? '', first(error, 'Message') ?? '')
  const [found] = all(xml, name)
  if (found === undefined && !xml.includes(`<${name}`))
    throw new LateError('', `falta ${name} en la respuesta`)
  return found ?? ''
}

const decoded = (name: string): string => decodeURIComponent(name.replaceAll('+', ' '))

export function readList(xml: string) {
  const list = inside(xml, 'ListBucketResult')
  return {
    cursor: first(list, 'IsTruncated') === 'true' ? (first(list, 'NextContinuationToken') ?? null) : null,
    objects: all(list, 'Contents').map((one) => ({
      key: decoded(first(one, 'Key') ?? ''),
      bytes: Number(first(one, 'Size')),
      modified: new Date(first(one, 'LastModified') ?? '').toISOString(),
      etag: (first(one, 'ETag') ?? '').replaceAll('"', ''),
    })),
    folders: all(list, 'CommonPrefixes').map((one) => decoded(first(one, 'Prefix') ?? '').replace(/\/$/, '')),
  }
}

export const readUploadId = (xml: string): string =>
  first(inside(xml, 'InitiateMultipartUploadResult'), 'UploadId') ?? ''

export const readComplete = (xml: string): string =>
  (first(inside(xml, 'CompleteMultipartUploadResult'), 'ETag') ?? '').replaceAll('"', '')

export const readTags = (xml: string): Record<string, string> =>
  Object.fromEntries(
    all(inside(xml, 'Tagging'), 'Tag').map((tag) => [first(tag, 'Key') ?? '', first(tag, 'Value') ?? '']),
  )

/** @throws LateError when the copy was not made */
export function requireCopied(xml: string): void {
  inside(xml, 'CopyObjectResult')
}

/** What completes an upload: its parts in order. */
export const completeXml = (etags: string[]): string => {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${escaped(`"${etag}"`)}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
}
