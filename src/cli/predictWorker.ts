import { predictFiles } from './predictFiles.ts';
import { answerTask } from './threadAnswer.ts';

await answerTask(predictFiles);
