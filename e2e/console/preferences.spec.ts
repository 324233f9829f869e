import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '../desktop/support'

const kept = (userData: string): unknown =>
  JSON.parse(readFileSync(join(userData, 'preferencias.json'), 'utf8'))

test('start with the session, tray and notices are switched in the settings, and stay so', async ({
  launch,
}, info) => {
  const config = mkdtempSync(join(tmpdir(), 'sage-config-'))
  const { page, userData } = await launch({ env: { XDG_CONFIG_HOME: config } })
  await page.getByRole('link', { name: 'Ajustes' }).click()
  const start = page.getByRole('switch', { name: 'Iniciar con la sesión' })
  const tray = page.getByRole('switch', { name: 'Seguir en la bandeja al cerrar la ventana' })
  const notices = page.getByRole('switch', { name: 'Avisar de los archivos rechazados' })
  await expect(start).not.toBeChecked()
  await expect(tray).toBeChecked()
  await expect(notices).toBeChecked()

  await start.click()
  await expect(start).toBeChecked()
  await tray.click()
  await expect(tray).not.toBeChecked()
  await expect.poll(() => kept(userData)).toMatchObject({ cerrarEnBandeja: false, notificarRechazos: true })
  await page.reload()
  await expect(start).toBeChecked()
  await expect(tray).not.toBeChecked()
  await page.screenshot({ path: info.outputPath('01-programa.png') })
  // Elsewhere the system keeps it, and a test must not leave the program starting with this session.
  if (process.platform === 'linux')
    expect(readdirSync(join(config, 'autostart'))).toEqual(['sage-desktop.desktop'])

  await start.click()
  await expect(start).not.toBeChecked()
  if (process.platform === 'linux') expect(readdirSync(join(config, 'autostart'))).toEqual([])
  rmSync(config, { recursive: true })
})
