// minimal stand-in for Electron's default_app: "electron [-r mod]... <path> [args]"
const { app } = require('electron')
const Module = require('node:module')
const path = require('node:path')
const fs = require('node:fs')
process.defaultApp = true
const argv = process.argv.slice(1)
const mods = []
let file = null
for (let i = 0; i < argv.length; i++) {
  const a = argv[i]
  if (a === '-r' || a === '--require') {
    mods.push(argv[++i])
    continue
  }
  if (a === '-v' || a === '--version') {
    console.log(`v${process.versions.electron}`)
    process.exit(0)
  }
  if (a.startsWith('--app=')) {
    file = a.slice(6)
    break
  }
  if (a[0] === '-') continue
  file = a
  break
}
if (!file) {
  console.error('usage: electron <path>')
  process.exit(1)
}
if (mods.length) Module._preloadModules(mods)
const packagePath = path.resolve(file)
try {
  process.chdir(process.cwd())
} catch {}
let main = packagePath
const pj = path.join(packagePath, 'package.json')
if (fs.existsSync(pj)) {
  const p = JSON.parse(fs.readFileSync(pj, 'utf8'))
  if (p.version) app.setVersion(p.version)
  if (p.productName) app.name = p.productName
  else if (p.name) app.name = p.name
  if (p.desktopName) app.setDesktopName(p.desktopName)
  else app.setDesktopName(`${app.name}.desktop`)
  app.setPath('userData', process.env.ELECTRON_USER_DATA || path.join(app.getPath('appData'), app.name)) // default_app does the same
  app.setAppPath(packagePath)
}
process.argv.splice(1, mods.length * 2) // keep argv[1] = app path like the real one
main = Module._resolveFilename(packagePath, null, true)
Module._load(main, Module, true)
