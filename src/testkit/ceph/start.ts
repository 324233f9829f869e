import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Ceph } from './index'

const run = promisify(execFile)
const HOST = '127.0.0.1'

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, HOST)
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

/** One copy, in memory, without passwords between the daemons: they all listen on this machine only. */
const configuration = (dir: string, fsid: string, monitor: number, gateway: number): string => `[global]
fsid = ${fsid}
mon host = v1:${HOST}:${monitor}/0
mon initial members = a
public addr = ${HOST}
cluster addr = ${HOST}
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd objectstore = memstore
osd max object name len = 256
osd max object namespace len = 64
memstore device bytes = 2147483648
mon allow pool size one = true
mon max pg per osd = 1000
ms bind ipv6 = false
ms bind msgr2 = false
keyring = ${dir}/keyring
run dir = ${dir}/run
admin socket = ${dir}/run/$name.asok
pid file = ${dir}/run/$name.pid
log file = ${dir}/log/$name.log
mon data = ${dir}/mon
osd data = ${dir}/osd
osd journal = ${dir}/osd/journal
[client.rgw]
rgw frontends = beast endpoint=${HOST}:${gateway}
rgw dns name = localhost
rgw sts key = ${randomBytes(8).toString('hex')}
rgw s3 auth use sts = true
rgw s3 auth order = local, sts
`

const TRUST = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/sage'] }, Action: ['sts:AssumeRole'] },
  ],
}
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['s3:*'], Resource: ['arn:aws:s3:::*'] }],
}

/** Starts everything below `dir`; the daemons stay, their pids in `dir/run`. */
export async function startCeph(dir: string): Promise<Ceph> {
  for (const folder of ['mon', 'osd', 'run', 'log']) mkdirSync(join(dir, folder), { recursive: true })
  const [monitor, gateway, fsid] = [await freePort(), await freePort(), randomUUID()]
  const conf = join(dir, 'ceph.conf')
  writeFileSync(conf, configuration(dir, fsid, monitor, gateway))
  const c = ['-c', conf]
  await startStore(dir, c, fsid, monitor)
  await run('radosgw', [...c, '-n', 'client.rgw'])
  const admin = (...args: string[]) => run('radosgw-admin', [...c, ...args])
  const key = () => ({ access: randomBytes(10).toString('hex'), secret: randomBytes(20).toString('hex') })
  const [owner, stranger] = [key(), key()]
  const user = (uid: string, { access, secret }: typeof owner, ...more: string[]) => {
    const keys = ['--access-key', access, '--secret-key', secret]
    return admin('user', 'create', '--uid', uid, '--display-name', uid, ...keys, ...more)
  }
  await user('sage', owner, '--caps', 'roles=*')
  await user('otro', stranger)
  await admin('role', 'create', '--role-name', 'datos', '--assume-role-policy-doc', JSON.stringify(TRUST))
  const policy = ['--policy-name', 'todo', '--policy-doc', JSON.stringify(EVERYTHING)]
  await admin('role-policy', 'put', '--role-name', 'datos', ...policy)
  await until('the gateway of Ceph', () => fetch(`http://${HOST}:${gateway}/`))
  return {
    host: HOST,
    port: gateway,
    accessKey: owner.access,
    secretKey: owner.secret,
    strangerAccessKey: stranger.access,
    strangerSecretKey: stranger.secret,
    roleArn: 'arn:aws:iam:::role/datos',
  }
}

async function startStore(dir: string, c: string[], fsid: string, monitor: number): Promise<void> {
  const [keyring, map] = [join(dir, 'keyring'), join(dir, 'monmap')]
  const key = (...args: string[]) => run('ceph-authtool', [keyring, '--gen-key', ...args])
  await key('--create-keyring', '-n', 'mon.', '--cap', 'mon', 'allow *')
  const all = ['mon', 'osd', 'mgr'].flatMap((daemon) => ['--cap', daemon, 'allow *'])
  await key('-n', 'client.admin', ...all)
  await run('monmaptool', ['--create', '--fsid', fsid, '--addv', 'a', `v1:${HOST}:${monitor}`, map])
  await run('ceph-mon', [...c, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring])
  await run('ceph-mon', [...c, '-i', 'a'])
  const osd = randomUUID()
  // Who asks before the monitor's map has come is refused («wrong fsid»): asked again.
  await until('the monitor of Ceph', () => run('ceph', [...c, 'osd', 'new', osd]))
  await run('ceph-osd', [...c, '-i', '0', '--mkfs', '--osd-uuid', osd])
  await until('the store of Ceph', () => run('ceph-osd', [...c, '-i', '0']))
}

/** Tries until it works; what it said last when it never does. */
async function until(what: string, work: () => Promise<unknown>): Promise<void> {
  for (const end = Date.now() + 30_000; ; await pause(100)) {
    try {
      await work()
      return
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what} does not answer`, { cause: error })
    }
  }
}
