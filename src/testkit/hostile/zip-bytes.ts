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

/** A ZIP written byte by byte, so that it can say what no honest writer says. */
export function rawZip(entries: RawEntry[], says: { count?: number } = {}): Buffer {
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
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(says.count ?? entries.length, 8)
  end.writeUInt16LE(says.count ?? entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
