import { crc32, deflateRawSync } from 'node:zlib'

export interface RawEntry {
  name: string | Buffer
  data: Buffer
  /** Compress (8) or store (0); any other number is written as it is, with stored bytes. */
  method?: number
  /** General purpose flags: 1 encrypted, 8 data descriptor, 0x800 UTF-8 name. */
  flags?: number
  /** Lies: what the headers say. */
  says?: { size?: number; packed?: number; crc?: number }
  /** Sizes in a zip64 extra field. */
  zip64?: boolean
  /** Central directory points here instead of to its own local header. */
  offset?: number
}

interface Built {
  local: Buffer
  central(offset: number): Buffer
}

function build(entry: RawEntry): Built {
  const name = Buffer.isBuffer(entry.name) ? entry.name : Buffer.from(entry.name)
  const method = entry.method ?? 8
  const flags = entry.flags ?? (Buffer.isBuffer(entry.name) ? 0 : 0x800)
  const body = method === 8 ? deflateRawSync(entry.data) : entry.data
  const size = entry.says?.size ?? entry.data.length
  const packed = entry.says?.packed ?? body.length
  const crc = entry.says?.crc ?? crc32(entry.data)
  const late = (flags & 8) !== 0
  const extra = entry.zip64 ? zip64Extra(size, packed) : Buffer.alloc(0)
  const field = (value: number): number => (entry.zip64 ? 0xffffffff : value)
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(entry.zip64 ? 45 : 20, 4)
  local.writeUInt16LE(flags, 6)
  local.writeUInt16LE(method, 8)
  local.writeUInt32LE(late ? 0 : crc, 14)
  local.writeUInt32LE(late ? 0 : field(packed), 18)
  local.writeUInt32LE(late ? 0 : field(size), 22)
  local.writeUInt16LE(name.length, 26)
  local.writeUInt16LE(extra.length, 28)
  const parts = [local, name, extra, body]
  if (late) parts.push(descriptor(crc, packed, size))
  return {
    local: Buffer.concat(parts),
    central(offset) {
      const head = Buffer.alloc(46)
      head.writeUInt32LE(0x02014b50, 0)
      head.writeUInt16LE(entry.zip64 ? 45 : 20, 4)
      head.writeUInt16LE(entry.zip64 ? 45 : 20, 6)
      head.writeUInt16LE(flags, 8)
      head.writeUInt16LE(method, 10)
      head.writeUInt32LE(crc, 16)
      head.writeUInt32LE(field(packed), 20)
      head.writeUInt32LE(field(size), 24)
      head.writeUInt16LE(name.length, 28)
      head.writeUInt16LE(extra.length, 30)
      head.writeUInt32LE(entry.offset ?? offset, 42)
      return Buffer.concat([head, name, extra])
    },
  }
}

function zip64Extra(size: number, packed: number): Buffer {
  const extra = Buffer.alloc(20)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(16, 2)
  extra.writeBigUInt64LE(BigInt(size), 4)
  extra.writeBigUInt64LE(BigInt(packed), 12)
  return extra
}

function descriptor(crc: number, packed: number, size: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt32LE(0x08074b50, 0)
  bytes.writeUInt32LE(crc, 4)
  bytes.writeUInt32LE(packed, 8)
  bytes.writeUInt32LE(size, 12)
  return bytes
}

export interface ZipSays {
  /** Lie: entries that the end record counts. */
  count?: number
  /** The end of the directory in its zip64 form, as large archives have it. */
  zip64End?: boolean
  comment?: string
}

/** The end of the directory of a large archive: its real numbers, and where they stand. */
function zip64End(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(56)
  record.writeUInt32LE(0x06064b50, 0)
  record.writeBigUInt64LE(44n, 4)
  record.writeUInt16LE(45, 12)
  record.writeUInt16LE(45, 14)
  record.writeBigUInt64LE(BigInt(count), 24)
  record.writeBigUInt64LE(BigInt(count), 32)
  record.writeBigUInt64LE(BigInt(size), 40)
  record.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  locator.writeUInt32LE(1, 16)
  return Buffer.concat([record, locator])
}

/** A ZIP written byte by byte, so that it can say what no honest writer says. */
export function rawZip(entries: RawEntry[], says: ZipSays = {}): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const { local, central } = build(entry)
    locals.push(local)
    centrals.push(central(offset))
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const count = says.count ?? entries.length
  const comment = Buffer.from(says.comment ?? '')
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(says.zip64End ? 0xffff : count, 8)
  end.writeUInt16LE(says.zip64End ? 0xffff : count, 10)
  end.writeUInt32LE(says.zip64End ? 0xffffffff : directory.length, 12)
  end.writeUInt32LE(says.zip64End ? 0xffffffff : offset, 16)
  end.writeUInt16LE(comment.length, 20)
  const large = says.zip64End ? [zip64End(count, directory.length, offset)] : []
  return Buffer.concat([...locals, directory, ...large, end, comment])
}
