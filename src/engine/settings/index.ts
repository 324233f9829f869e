export { SETTING_KEYS, SETTINGS, type SettingKey, type SettingValue } from './registry'
export { openSettings, type Settings } from './settings'
