const stamps = new Map<string, Intl.DateTimeFormat>()

/** `YYYYMMDD_HHMMSS` of an instant in a zone. */
export function stampOf(time: Date, zone: string): string {
  let format = stamps.get(zone)
  if (!format) {
    const two = '2-digit' as const
    format = new Intl.DateTimeFormat('en-CA', {
      ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: two },
      ...{ day: two, hour: two, minute: two, second: two },
    })
    stamps.set(zone, format)
  }
  const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]))
  return `${part.year}${part.month}${part.day}_${part.hour}${part.minute}${part.second}`
}

/** A file system's limit is 255 bytes; the prefix must not push a long name past it. */
export function fitName(name: string): string {
  if (Buffer.byteLength(name) <= 240) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && name.length - dot <= 10 ? name.slice(dot) : ''
  let stem = name.slice(0, name.length - extension.length)
  while (Buffer.byteLength(stem + extension) > 240) stem = [...stem].slice(0, -1).join('')
  return stem + extension
}

/** The names a moved file may take, in order: its own with the prefix, then numbered. */
export function* namesFor(stamped: string): Generator<string> {
  yield stamped
  const dot = stamped.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [stamped.slice(0, dot), stamped.slice(dot)] : [stamped, '']
  for (let n = 2; n < 100_000; n++) yield `${stem}-${n}${extension}`
}
