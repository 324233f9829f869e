import { useSyncExternalStore } from 'react'

/** The path and the search of this window, kept in the hash: the page itself is one file under app://. */
const current = () => window.location.hash.replace(/^#?\/?/, '/')
const path = () => current().split('?')[0] ?? '/'
const search = () => current().split('?')[1] ?? ''

function subscribe(listener: () => void) {
  window.addEventListener('hashchange', listener)
  return () => window.removeEventListener('hashchange', listener)
}

export function navigate(to: string, options: { replace?: boolean } = {}) {
  const hash = `#${to.startsWith('/') ? to : `/${to}`}`
  if (window.location.hash === hash) return
  if (options.replace) {
    window.history.replaceState(null, '', hash)
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  } else {
    window.location.hash = hash
  }
}

/** wouter's own hash hook keeps the search outside the hash; here a link carries both. */
export function useHashPath(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, path), navigate]
}
useHashPath.hrefs = (href: string) => `#${href}`

export const useHashSearch = () => useSyncExternalStore(subscribe, search)
