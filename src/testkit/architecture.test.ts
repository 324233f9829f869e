import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(__dirname, '../..')
const SRC = join(ROOT, 'src')

/** What each room may import: other rooms, and (when listed) the only packages allowed. */
const ROOMS: Record<string, { rooms: string[]; packages?: RegExp; never?: RegExp }> = {
  shared: { rooms: [], packages: /^zod$/ },
  engine: { rooms: ['shared'], never: /^(electron|react|@mantine\/)/ },
  main: { rooms: ['shared'], never: /^(react|@mantine\/|better-sqlite3|@duckdb\/|yauzl)/ },
  preload: { rooms: ['shared'], packages: /^electron$/ },
  renderer: { rooms: ['shared'], never: /^(electron|node:|better-sqlite3|@duckdb\/)/ },
}
/** Folders whose children are plugs: one never imports another. */
const PLUGS = [
  'engine/formats',
  'engine/connectors',
  'engine/destinations',
  'engine/strategies',
  'renderer/features',
]

interface Import {
  from: string
  target: string
}

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return filesOf(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })

/** Tests and what only they import: neither is in a bundle. */
const isTest = (file: string) => /\.(test|fixture)\.tsx?$/.test(file)

/** Every import of a room's code that ships, local ones resolved to a path below src. */
const importsOf = (room: string): Import[] =>
  filesOf(join(SRC, room))
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const source = readFileSync(file, 'utf8')
      const found = source.matchAll(
        /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
      )
      return [...found].map((match) => {
        const spec = match[1] ?? match[2] ?? match[3] ?? ''
        const target = spec.startsWith('.')
          ? relative(SRC, resolve(dirname(file), spec))
          : spec.replace(/^@(shared|engine|testkit)\//, '$1/')
        return {
          from: relative(SRC, file),
          target:
            spec.startsWith('@') && target === spec
              ? `pkg:${spec}`
              : spec.startsWith('.') || target !== spec
                ? target
                : `pkg:${spec}`,
        }
      })
    })

test.each(Object.keys(ROOMS))('room %s imports only what it may', (room) => {
  const rule = ROOMS[room]
  const imports = importsOf(room)
  expect(imports.length).toBeGreaterThan(0)
  const wrong = imports.filter(({ target }) => {
    if (target.startsWith('pkg:')) {
      const name = target.slice(4)
      return (rule?.packages && !rule.packages.test(name)) || (rule?.never?.test(name) ?? false)
    }
    const targetRoom = target.split('/')[0] ?? ''
    return targetRoom !== room && !(rule?.rooms.includes(targetRoom) ?? false)
  })
  expect(wrong).toEqual([])
})

test.each(PLUGS)('plugs of %s do not import one another', (folder) => {
  const plugOf = (path: string): string | null => {
    if (!path.startsWith(`${folder}/`)) return null
    const [plug, ...rest] = path.slice(folder.length + 1).split('/')
    return rest.length > 0 && plug ? plug : null
  }
  const room = folder.split('/')[0] ?? ''
  const wrong = importsOf(room).filter(({ from, target }) => {
    const a = plugOf(from)
    const b = plugOf(target)
    return a !== null && b !== null && a !== b && b !== 'shared'
  })
  expect(wrong).toEqual([])
})
