/**
 * `dactyl/nn/all`: every part of `dactyl/nn` under its name, in a page as in Node, where it changes nothing. Import it once, for its effect. It is
 * the only module of the package that has one.
 */
import '../engine/texts.ts';

import { ENGINE_FEATURES as ALL_ENGINE_FEATURES } from '../engine/features/all.ts';
import { ENGINE_FEATURES } from '../engine/features/members.ts';
import { RULES as ALL_RULES } from '../engine/rules/all.ts';
import { RULES } from '../engine/rules/members.ts';
import { ADVICE as ALL_ADVICE } from './advice/all.ts';
import { ADVICE } from './advice/members.ts';
import { NN_FEATURES as ALL_NN_FEATURES } from './features/all.ts';
import { NN_FEATURES } from './features/members.ts';
import { LAYERS as ALL_LAYERS } from './layers/all.ts';
import { LAYERS } from './layers/members.ts';
import { METRICS as ALL_METRICS } from './metrics/all.ts';
import { METRICS } from './metrics/members.ts';
import { SCHEDULE_KINDS as ALL_SCHEDULE_KINDS } from './schedules/all.ts';
import { SCHEDULE_KINDS } from './schedules/members.ts';

Object.assign(ADVICE, ALL_ADVICE);
Object.assign(ENGINE_FEATURES, ALL_ENGINE_FEATURES);
Object.assign(RULES, ALL_RULES);
Object.assign(NN_FEATURES, ALL_NN_FEATURES);
Object.assign(LAYERS, ALL_LAYERS);
Object.assign(METRICS, ALL_METRICS);
Object.assign(SCHEDULE_KINDS, ALL_SCHEDULE_KINDS);
