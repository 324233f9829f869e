import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { lstat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { copyOriginal, moveOriginal } from './local/original'
import { huellaOf } from './local/seen-file'
import { fitName, stampOf } from './moved-name'
import { matchesGlob, senderOf, skipsFolder, takesName } from './names'
import type { SeenFile } from './origin'
import { backoffMs, mayPass } from './retry'
import { Settler } from './settler'

const seen = (name: string, huella: string, arrivedMs: number): SeenFile => ({
  ...{ path: `/c/${name}`, relative: name, name, bytes: 1, huella },
  ...{ modifiedMs: arrivedMs, arrivedMs, inode: 1n, turn: null },
})
const names = (files: SeenFile[]): string[] => files.map(({ name }) => name)

describe('settling', () => {
  it('waits until size and time stand still, starting over at each change, in order of arrival', () => {
    const settler = new Settler(100, false)
    expect(settler.see([seen('b', '1', 20), seen('a', '1', 20), seen('z', '1', 10)], 1_000)).toEqual([])
    expect(names(settler.see([seen('b', '2', 30)], 1_050))).toEqual([])
    expect(settler.due(1_100).sort()).toEqual(['/c/a', '/c/z'])
    expect(names(settler.see([seen('a', '1', 20), seen('z', '1', 10), seen('b', '2', 30)], 1_100))).toEqual([
      'z',
      'a',
    ])
    expect(settler.nextDue()).toBe(1_150)
    expect(names(settler.see([seen('b', '2', 30)], 1_150))).toEqual(['b'])
    expect(settler.size).toBe(0)
  })

  it('believes the times of a disk of its own, never those of a drive with another clock, nor of the future', () => {
    const old = seen('viejo', '1', 500)
    expect(names(new Settler(100, true).see([old], 1_000))).toEqual(['viejo'])
    expect(new Settler(100, false).see([old], 1_000)).toEqual([])
    expect(new Settler(100, true).see([seen('futuro', '1', 9_999)], 1_000)).toEqual([])
    expect(names(new Settler(100, false).see([old], 1_000, 0))).toEqual(['viejo'])
  })
})

describe('folders', () => {
  it('of originals already taken are not looked into, however deep, nor hidden ones', () => {
    for (const away of ['procesado', 'Rechazado', 'norte/procesado', 'a/b/cuarentena/c', '.oculta', 'a/.b'])
      expect(skipsFolder(away), away).toBe(true)
    for (const kept of ['norte', 'norte/procesados', 'por procesado'])
      expect(skipsFolder(kept), kept).toBe(false)
  })
})

describe('names', () => {
  it('reads globs literally but for their stars and question marks', () => {
    expect(matchesGlob('VENTAS_01.CSV', 'ventas_??.csv')).toBe(true)
    expect(matchesGlob('ventas_001.csv', 'ventas_??.csv')).toBe(false)
    expect(matchesGlob('abc', 'a.c')).toBe(false)
    expect(matchesGlob('añejo.csv', 'A\u0303*')).toBe(false)
    expect(matchesGlob('ÑANDÚ.csv', 'ñan?ú.*')).toBe(true)
    expect(matchesGlob('', '*')).toBe(true)
    expect(matchesGlob('ventas_1_2_3.csv', '*_*_*.csv')).toBe(true)
    // Through a regular expression, the first of these hangs the engine.
    expect(matchesGlob(`ventas${'_'.repeat(240)}`, 'ventas_*_*_*_*_*_*_*_*.csv')).toBe(false)
    expect(matchesGlob('a'.repeat(250), `${'*a'.repeat(100)}x`)).toBe(false)
    expect(matchesGlob('a'.repeat(250), `${'*'.repeat(200)}a`)).toBe(true)
  })

  it('takes what a reader knows, or the patterns alone; never what is being written', () => {
    const all = { patrones: [], ignorar: [] }
    for (const name of ['a.csv', 'B.ZIP', 'c.xlsx', 'd.parquet', 'e.csv.gz'])
      expect(takesName(name, all), name).toBe(true)
    for (const name of [
      '.a.csv',
      '~$c.xlsx',
      'a.csv.part',
      'x.TMP',
      'y.crdownload',
      'z.filepart',
      'a.png',
      'Thumbs.db',
    ])
      expect(takesName(name, all), name).toBe(false)
    expect(takesName('a.csv', { patrones: ['ventas*'], ignorar: [] })).toBe(false)
    expect(takesName('ventas.raro', { patrones: ['ventas*'], ignorar: [] })).toBe(true)
    expect(takesName('ventas.part', { patrones: ['ventas*'], ignorar: [] })).toBe(false)
  })

  it('finds the sender by the deepest sub-folder, and none where two would do', () => {
    const local = ['local']
    const places = [
      { emisor_id: 1, subdirectorio: 'norte', metodos: ['sftp'] },
      { emisor_id: 2, subdirectorio: 'norte/Lima', metodos: local },
      { emisor_id: 3, subdirectorio: '', metodos: local },
      { emisor_id: 5, subdirectorio: '', metodos: ['sftp'] },
      { emisor_id: 6, subdirectorio: 'Año'.normalize('NFC'), metodos: local },
    ]
    const files = [
      'norte/a.csv',
      'norte/lima/a.csv',
      'NORTE/x/a.csv',
      'nortes/a.csv',
      'a.csv',
      'AN\u0303O/a.csv',
    ]
    expect(files.map((name) => senderOf(name, 'local', places))).toEqual([1, 2, 1, 3, 3, 6])
    const another = { emisor_id: 4, subdirectorio: '', metodos: local }
    expect(senderOf('a.csv', 'local', [...places, another])).toBeNull()
    expect(senderOf('a.csv', 'local', places.slice(0, 2))).toBeNull()
    expect(senderOf('a.csv', 'sftp', places)).toBe(5)
  })
})

it('waits twice as long each time, never past five minutes, and not all at once', () => {
  expect([1, 2, 3, 4].map((n) => backoffMs(n, 1_000, 0.5))).toEqual([1_000, 2_000, 4_000, 8_000])
  expect(backoffMs(60, 1_000, 1)).toBe(375_000)
  expect(backoffMs(1, 1_000, 0)).toBe(750)
  const error = { code: 'X', message: '', retryable: false }
  expect(mayPass({ ...error, kind: 'transient' })).toBe(true)
  expect(mayPass({ ...error, kind: 'terminal', code: 'DISK_FULL' })).toBe(true)
  expect(mayPass({ ...error, kind: 'bug' })).toBe(false)
})

describe('originals', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'sage-original-'))
  })
  afterEach(() => rmSync(dir, { recursive: true, force: true }))

  const huella = async (path: string): Promise<string> => huellaOf(await lstat(path, { bigint: true }), true)
  const move = async (path: string, nombre = 'a.csv', mark?: string) =>
    moveOriginal({
      ...{ path, huella: mark ?? (await huella(path)), withInode: true, root: dir },
      ...{ folder: 'procesado', stamped: fitName(`20260102_030405_${nombre}`) },
    })

  it('are stamped with the clock of the casilla', () => {
    const time = new Date('2026-03-08T07:30:05.999Z')
    expect(stampOf(time, 'America/Lima')).toBe('20260308_023005')
    expect(stampOf(time, 'Asia/Tokyo')).toBe('20260308_163005')
    expect(stampOf(new Date('2026-01-01T05:00:00Z'), 'America/Lima')).toBe('20260101_000000')
  })

  it('never take the name of another', async () => {
    for (let i = 0; i < 3; i++) {
      const path = join(dir, `${i}.csv`)
      writeFileSync(path, String(i))
      await move(path)
    }
    const folder = join(dir, 'procesado')
    expect(readdirSync(folder).sort()).toEqual([
      '20260102_030405_a-2.csv',
      '20260102_030405_a-3.csv',
      '20260102_030405_a.csv',
    ])
    expect(readFileSync(join(folder, '20260102_030405_a-3.csv'), 'utf8')).toBe('2')
    const long = join(dir, `${'ñ'.repeat(120)}.csv`)
    writeFileSync(long, 'largo')
    expect(readFileSync(await move(long, `${'ñ'.repeat(120)}.csv`), 'utf8')).toBe('largo')
  })

  it('moved by a try that died are found where they are, and a half move is ended', async () => {
    const path = join(dir, 'x.csv')
    writeFileSync(path, 'x')
    const mark = await huella(path)
    const first = await move(path)
    expect(await move(path, 'a.csv', mark)).toBe(first)
    // The name was given and the former one not yet taken away.
    const { linkSync } = await import('node:fs')
    linkSync(first, path)
    expect(await move(path, 'a.csv', mark)).toBe(first)
    expect(readdirSync(dir)).toEqual(['procesado'])
    expect(readdirSync(join(dir, 'procesado'))).toHaveLength(1)
  })

  it('replaced meanwhile stay for their own row; a folder that leads out is refused', async () => {
    const path = join(dir, 'x.csv')
    writeFileSync(path, 'otro')
    expect(await move(path, 'a.csv', '1:1:1')).toBe('')
    expect(readFileSync(path, 'utf8')).toBe('otro')
    const outside = mkdtempSync(join(tmpdir(), 'sage-fuera-'))
    rmSync(join(dir, 'procesado'), { recursive: true })
    symlinkSync(outside, join(dir, 'procesado'))
    await expect(move(path)).rejects.toMatchObject({ code: 'OUTSIDE_FOLDER' })
    expect(readdirSync(outside)).toEqual([])
    rmSync(outside, { recursive: true })
  })

  it('are copied as they were seen or not at all', async () => {
    const path = join(dir, 'x.csv')
    const target = join(dir, 'copia')
    writeFileSync(path, 'hola')
    const file = { path, root: dir, huella: await huella(path), withInode: true }
    const { signal } = new AbortController()
    expect(await copyOriginal(file, target, signal)).toEqual({
      bytes: 4,
      sha256: 'b221d9dbb083a7f33428d7c2a3c3198ae925614d70210e28716ccaa7cd4ddb79',
    })
    writeFileSync(path, 'hola, otra vez')
    expect(await copyOriginal(file, target, signal)).toHaveProperty('changed')
    rmSync(path)
    symlinkSync('/etc/hostname', path)
    await expect(copyOriginal(file, target, signal)).rejects.toMatchObject({ code: 'ELOOP' })
    mkdirSync(join(dir, 'dentro'))
    await expect(copyOriginal({ ...file, root: join(dir, 'dentro') }, target, signal)).rejects.toMatchObject({
      code: 'OUTSIDE_FOLDER',
    })
    expect(statSync(target).size).toBe(4)
  })
})
