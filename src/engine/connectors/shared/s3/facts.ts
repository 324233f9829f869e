import type { Limits } from '../../types'

export const S3_LIMITS: Limits = {
  pathBytes: 1024,
  pageEntries: 1000,
  fileBytes: 5 * 1024 ** 4,
  parts: { count: 10_000, minBytes: 5 * 1024 ** 2 },
}

export const etagText = (etag: string): string => etag.replaceAll('"', '')

/** As the header of a copy wants it: each part of the key encoded, its slashes not. */
export const copySource = (bucket: string, key: string): string =>
  `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`

export const base64OfHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
