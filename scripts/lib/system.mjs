import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { say } from './paths.mjs'

/** What Electron and its tests need of the system, as a probe and the Debian package that brings it. */
const LIBRARIES = [
  ['libgtk-3.so.0', 'libgtk-3-0'],
  ['libnss3.so', 'libnss3'],
  ['libasound.so.2', 'libasound2'],
  ['libgbm.so.1', 'libgbm1'],
]
const DISPLAY_PROGRAMS = [
  ['Xvfb', 'xvfb'],
  ['xvfb-run', 'xvfb'],
  ['xauth', 'xauth'],
]
const KEYRING_PROGRAMS = [
  ['dbus-run-session', 'dbus'],
  ['gnome-keyring-daemon', 'gnome-keyring'],
]

/** Real servers that tests start by themselves, as ordinary programs on a free port. */
const SERVER_PROGRAMS = [
  ['mariadbd', 'mariadb-server-core'],
  ['mariadb-install-db', 'mariadb-server-core'],
  ['my_print_defaults', 'mariadb-client-core'],
  ['sshd', 'openssh-server'],
  ['radosgw', 'radosgw'],
  ['ceph-mon', 'ceph-mon'],
  ['ceph-osd', 'ceph-osd'],
  ['ceph', 'ceph-common'],
]

/** Servers are installed where only root's PATH looks. */
export const which = (program) =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file))

function libraries() {
  for (const command of ['ldconfig', '/sbin/ldconfig', '/usr/sbin/ldconfig']) {
    const result = spawnSync(command, ['-p'], { encoding: 'utf8' })
    if (result.status === 0) return result.stdout
  }
  return null
}

/** Headers, which no program or library on the path tells of. */
const hasLibsecretHeaders = () =>
  spawnSync('pkg-config', ['--exists', 'libsecret-1'], { stdio: 'ignore' }).status === 0

function missing({ window, display, keyring, servers, libsecret }) {
  const known = libraries()
  const packages = new Set()
  // Without ldconfig (musl) nothing can be said about libraries: Electron's own message will.
  if (window && known !== null)
    for (const [name, pack] of LIBRARIES) if (!known.includes(`${name} `)) packages.add(pack)
  if (display) for (const [name, pack] of DISPLAY_PROGRAMS) if (!which(name)) packages.add(pack)
  if (keyring) for (const [name, pack] of KEYRING_PROGRAMS) if (!which(name)) packages.add(pack)
  if (servers) for (const [name, pack] of SERVER_PROGRAMS) if (!which(name)) packages.add(pack)
  if (libsecret && !hasLibsecretHeaders()) packages.add('libsecret-1-dev')
  return [...packages]
}

/**
 * Makes sure that the system has what Electron (and, on request, a virtual display, a keyring, the servers of tests and what keytar is
 * built with) needs. Root on Debian gets it installed; anyone else is told in one line how to.
 * @param {{ window?: boolean, display?: boolean, keyring?: boolean, servers?: boolean, libsecret?: boolean }} needs
 * @returns {boolean} whether everything is there
 */
export function ensureSystem(needs = {}) {
  if (process.platform !== 'linux') return true
  const wanted = missing({ window: true, ...needs })
  if (wanted.length === 0) return true
  if (process.getuid?.() !== 0 || !which('apt-get')) {
    say(`Faltan paquetes del sistema. En Debian o Ubuntu: sudo apt-get install ${wanted.join(' ')}`)
    return false
  }
  say(`Instalando paquetes del sistema: ${wanted.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Debian 13 and Ubuntu 24.04 renamed the libraries that carry a time (t64); the old name may have no candidate.
  const named = (pack) => {
    const renamed = `${pack}t64`
    return spawnSync('apt-cache', ['show', renamed], { stdio: 'ignore' }).status === 0 ? renamed : pack
  }
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...wanted.map(named)], {
      env,
      encoding: 'utf8',
    })
  let result = install()
  if (result.status !== 0) {
    spawnSync('apt-get', ['update', '-qq'], { env, stdio: 'ignore' })
    result = install()
  }
  const left = missing({ window: true, ...needs })
  if (left.length > 0)
    say(`No se pudieron instalar ${left.join(' ')}: ${(result.stderr ?? '').trim().slice(-500)}`)
  return left.length === 0
}
