// Screenshots of every screen over the made-up engine: node e2e/console/preview/shots.mjs [name-contains] [--all]
import { mkdirSync } from 'node:fs'
import { chromium } from 'playwright-core'

const out = process.env.SHOTS ?? '/tmp/sage-preview'
mkdirSync(out, { recursive: true })
const run = '00000000-0000-4000-8000-000000000001'
const at = (n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const screens = [
  ['inicio-primera', 'primera', '/'],
  ['inicio-tres', 'tres', '/'],
  ['inicio-vacia', 'vacia', '/'],
  ['casillas-tres', 'tres', '/casillas'],
  ['casillas-tablero', 'tres', '/casillas', 'tablero'],
  ['casillas-tablero-muchas', 'muchas', '/casillas', 'tablero'],
  ['casillas-muchas', 'muchas', '/casillas'],
  ['casillas-vacia', 'vacia', '/casillas'],
  ['casilla-resumen', 'tres', '/casillas/1'],
  ['casilla-resumen2', 'tres', '/casillas/2'],
  ['casilla-resumen-primera', 'primera', '/casillas/1'],
  ['casilla-recepcion', 'tres', '/casillas/1/recepcion'],
  ['casilla-recepcion-vacia', 'primera', '/casillas/1/recepcion'],
  ['casilla-archivo-duplicado', 'tres', '/casillas/1/recepcion?archivo=6'],
  ['casilla-archivo-cuarentena', 'tres', '/casillas/1/recepcion?archivo=7'],
  ['casilla-ejecuciones', 'tres', '/casillas/1/ejecuciones'],
  ['casilla-yaml', 'avisos', '/casillas/1/yaml'],
  ['casilla-config', 'tres', '/casillas/1/configuracion'],
  ['casilla-emisores-tres', 'tres', '/casillas/1/emisores'],
  ['casilla-emisores-vacia', 'primera', '/casillas/1/emisores'],
  ['casilla-frecuencia', 'tres', '/casillas/1/frecuencia'],
  ['emisores-tres', 'tres', '/casillas/emisores'],
  ['emisores-muchas', 'muchas', '/casillas/emisores'],
  ['calendario-tres', 'tres', '/calendario'],
  ['calendario-muchas', 'muchas', '/calendario'],
  ['calendario-vacia', 'vacia', '/calendario'],
  ['casilla-nueva', 'tres', '/casillas/nueva'],
  ['ejecuciones-tres', 'tres', '/ejecuciones'],
  ['ejecuciones-muchas', 'muchas', '/ejecuciones'],
  ['ejecuciones-vacia', 'primera', '/ejecuciones'],
  ['resumen', 'tres', `/ejecuciones/${run}`],
  ['resumen-parcial', 'tres', `/ejecuciones/${at(3)}`],
  ['hallazgos-tres', 'tres', `/ejecuciones/${run}/hallazgos`],
  ['hallazgos-muchas', 'muchas', `/ejecuciones/${run}/hallazgos`],
  ['registro', 'tres', `/ejecuciones/${run}/hallazgos?registro=ventas:20`],
  ['archivos', 'tres', `/ejecuciones/${at(3)}/archivos`],
  ['yaml-usado', 'tres', `/ejecuciones/${run}/yaml`],
  ['probar', 'tres', `/ejecuciones/${run}/probar`],
  ['transformaciones', 'tres', `/ejecuciones/${run}/transformaciones`],
  ['interrumpida', 'tres', `/ejecuciones/${at(5)}`],
  ['con-error', 'tres', `/ejecuciones/${at(6)}`],
  ['no-existe', 'tres', `/ejecuciones/${at(77)}`],
  ['mat-lista-tres', 'tres', '/materializaciones'],
  ['mat-lista-muchas', 'muchas', '/materializaciones'],
  ['mat-lista-vacia', 'vacia', '/materializaciones'],
  ['mat-cargas-tres', 'tres', '/materializaciones/cargas'],
  ['mat-cargas-muchas', 'muchas', '/materializaciones/cargas'],
  ['mat-cargas-vacia', 'vacia', '/materializaciones/cargas'],
  ['mat-carga-detalle', 'tres', `/materializaciones/cargas?carga=1:${at(1)}`],
  ['mat-carga-fallida', 'tres', `/materializaciones/cargas?carga=2:${at(2)}`],
  ['mat-resumen', 'tres', '/materializaciones/1'],
  ['mat-resumen-fallida', 'tres', '/materializaciones/2'],
  ['mat-historial', 'tres', '/materializaciones/1/historial'],
  ['mat-diferencia', 'tres', '/materializaciones/1/diferencia'],
  ['mat-mapeo', 'tres', '/materializaciones/1/mapeo'],
  ['mat-configuracion', 'tres', '/materializaciones/1/configuracion'],
  ['mat-destinos-tres', 'tres', '/materializaciones/destinos'],
  ['mat-destinos-muchas', 'muchas', '/materializaciones/destinos'],
  ['mat-destinos-vacia', 'vacia', '/materializaciones/destinos'],
  ['mat-destino-nuevo', 'tres', '/materializaciones/destinos?destino=nuevo'],
  ['mat-destino-editar', 'tres', '/materializaciones/destinos?destino=1'],
  ['mat-destino-interno', 'tres', '/materializaciones/destinos?destino=0'],
  ['mat-consulta', 'tres', '/materializaciones/consulta'],
  ['mat-consulta-vacia', 'vacia', '/materializaciones/consulta'],
  ['mat-asistente', 'tres', '/materializaciones/nueva?casilla=1'],
  ['mat-bandeja', 'cargando', '/materializaciones'],
  ['casilla-materializaciones', 'tres', '/casillas/1/materializaciones'],
  ['casilla-materializaciones-vacia', 'vacia', '/casillas/1/materializaciones'],
  ['ejecucion-cargas', 'tres', `/ejecuciones/${run}/cargas`],
  ['proveedores-tres', 'tres', '/proveedores'],
  ['proveedores-muchas', 'muchas', '/proveedores'],
  ['proveedores-vacia', 'vacia', '/proveedores'],
  ['proveedor-nuevo', 'tres', '/proveedores/nuevo?tipo=sftp'],
  ['proveedor-explorador', 'tres', '/proveedores/1/explorador'],
  ['proveedor-explorador-muchas', 'muchas', '/proveedores/1/explorador?ruta=entrada%2F2026'],
  ['proveedor-explorador-vacio', 'tres', '/proveedores/3/explorador'],
  ['proveedor-archivo', 'tres', '/proveedores/1/explorador?archivo=ventas_diarias_000004.csv'],
  ['proveedor-salud', 'tres', '/proveedores/1/salud'],
  ['proveedor-configuracion', 'tres', '/proveedores/2/configuracion'],
  ['ajustes', 'tres', '/ajustes'],
  ['secretos-tres', 'tres', '/ajustes/secretos'],
  ['secretos-muchas', 'muchas', '/ajustes/secretos'],
  ['secretos-vacia', 'vacia', '/ajustes/secretos'],
  ['secretos-primera', 'primera', '/ajustes/secretos'],
  ['secretos-bloqueada', 'bloqueada', '/ajustes/secretos'],
  ['secretos-boveda', 'boveda', '/ajustes/secretos'],
  ['secretos-perdida', 'perdida', '/ajustes/secretos'],
  ['detenido', 'detenido', '/'],
]
const [wanted = ''] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'))
const looks = process.argv.includes('--all')
  ? [
      [1280, 800, 'light', 'es'],
      [1280, 800, 'dark', 'es'],
      [1920, 1080, 'light', 'es'],
      [1920, 1080, 'dark', 'es'],
      [1280, 800, 'light', 'en'],
    ]
  : [[1280, 800, process.argv.includes('--dark') ? 'dark' : 'light', 'es']]
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
for (const [width, height, scheme, lang] of looks) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'es-PE' })
  await context.addInitScript(
    ([s, l]) => {
      if (location.protocol === 'about:') return
      localStorage.setItem('mantine-color-scheme-value', s)
      localStorage.setItem('sage.lang', JSON.stringify(l))
    },
    [scheme, lang],
  )
  const page = await context.newPage()
  page.on('pageerror', (error) => console.log('ERROR', error.message))
  page.on(
    'console',
    (message) => message.type() === 'error' && console.log('console:', message.text().slice(0, 400)),
  )
  for (const [name, scene, path, view = 'lista'] of screens) {
    if (!name.includes(wanted)) continue
    await page.goto(`http://localhost:5199/?escena=${scene}`)
    await page.evaluate((value) => localStorage.setItem('sage.casillas.vista', JSON.stringify(value)), view)
    await page.goto('about:blank')
    await page.goto(`http://localhost:5199/?escena=${scene}#${path}`)
    await page
      .waitForSelector('#contenido h1, [role=alert]', { timeout: 20000 })
      .catch(() => console.log('NO PAGE', name))
    await page.waitForTimeout(500)
    await page.screenshot({ path: `${out}/${name}-${width}-${scheme}-${lang}.png` })
  }
  await context.close()
}
await browser.close()
