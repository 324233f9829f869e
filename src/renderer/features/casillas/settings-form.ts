import type { SettingsDraft, SettingsValues } from './settings-draft'

/** What each part of the form is given. */
export interface SettingsForm {
  values: SettingsValues
  change: (change: SettingsDraft) => void
  /** What is wrong with a field, once it was left or saving was tried. */
  error: (field: keyof SettingsValues) => string | null
  leave: (field: keyof SettingsValues) => void
}

export const fieldId = (field: keyof SettingsValues) => `casilla-${field}`
