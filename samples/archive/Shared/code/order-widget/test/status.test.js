import { label } from '../src/status.js';

if (label(30) !== '已审批') throw new Error('label');
