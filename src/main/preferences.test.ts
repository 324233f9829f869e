import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { autostartEntry, execLine, PreferenceFile } from './preferences'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'sage-preferencias-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('preferences', () => {
  it('are remembered, and leave nothing half written', async () => {
    const login = autostartEntry(['/opt/sage'], dir)
    const path = join(dir, 'preferencias.json')
    const first = new PreferenceFile(path, login)
    expect(first.get()).toEqual({ iniciarConSesion: false, cerrarEnBandeja: true, notificarRechazos: true })
    await first.set({ cerrarEnBandeja: false, iniciarConSesion: true })
    expect(new PreferenceFile(path, login).get()).toEqual({
      iniciarConSesion: true,
      cerrarEnBandeja: false,
      notificarRechazos: true,
    })
    expect(readdirSync(dir).sort()).toEqual(['autostart', 'preferencias.json'])
  })

  it('start anew from a damaged file', () => {
    const path = join(dir, 'preferencias.json')
    writeFileSync(path, '{"cerrarEnBandeja": "tal vez"')
    expect(new PreferenceFile(path, autostartEntry(['/opt/sage'], dir)).get().cerrarEnBandeja).toBe(true)
  })

  it('tell of the tray once ever', async () => {
    const path = join(dir, 'preferencias.json')
    const login = autostartEntry(['/opt/sage'], dir)
    const preferences = new PreferenceFile(path, login)
    expect(await preferences.firstTimeInTray()).toBe(true)
    expect(await preferences.firstTimeInTray()).toBe(false)
    expect(await new PreferenceFile(path, login).firstTimeInTray()).toBe(false)
  })

  it('start with the session through an entry of the autostart folder, gone when turned off', () => {
    const login = autostartEntry(['/opt/mi app/sage', '--en-bandeja'], dir)
    login.set(true)
    const entry = readFileSync(join(dir, 'autostart', 'sage-desktop.desktop'), 'utf8')
    expect(entry).toContain('Exec="/opt/mi app/sage" "--en-bandeja"\n')
    expect(login.get()).toBe(true)
    // Another copy of the program is not this one.
    expect(autostartEntry(['/otra/sage'], dir).get()).toBe(false)
    login.set(false)
    expect(login.get()).toBe(false)
    expect(readdirSync(join(dir, 'autostart'))).toEqual([])
  })

  it('quote a command so that no part of it is read as another', () => {
    expect(execLine(['/a "b"', '$(rm)', '`x`', '100%'])).toBe('"/a \\"b\\"" "\\$(rm)" "\\`x\\`" "100%%"')
  })
})
