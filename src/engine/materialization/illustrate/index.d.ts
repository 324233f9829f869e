export { type Ilustracion, illustrate } from './illustrate'
