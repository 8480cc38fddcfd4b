// Made by `npm run gen` from the folders of views. Do not edit.
import type { RecordModel } from './activity/model.ts';
import type { PlanModel } from './approval/model.ts';
import type { BoardModel } from './board/model.ts';
import type { CardModel } from './card/model.ts';
import type { ChartModel } from './chart/model.ts';
import type { ClaimModel } from './claim/model.ts';
import type { ComparisonModel } from './comparison/model.ts';
import type { DoctorModel } from './doctor/model.ts';
import type { DraftModel } from './draft/model.ts';
import type { DrawingModel } from './drawing/model.ts';
import type { HypothesisModel } from './hypothesis/model.ts';
import type { ImageModel } from './image/model.ts';
import type { JsonModel } from './json/model.ts';
import type { LineageModel } from './lineage/model.ts';
import type { MatrixModel } from './matrix/model.ts';
import type { PointsModel } from './points/model.ts';
import type { RasterModel } from './raster/model.ts';
import type { RatesModel } from './rates/model.ts';
import type { SkeletonsModel } from './skeletons/model.ts';
import type { TableModel } from './table/model.ts';
import type { TuningModel } from './tuning/model.ts';
import type { ValidityModel } from './validity/model.ts';
import type { VolumeModel } from './volume/model.ts';

/** What each view draws. */
export interface Models {
  'activity': RecordModel;
  'approval': PlanModel;
  'board': BoardModel;
  'card': CardModel;
  'chart': ChartModel;
  'claim': ClaimModel;
  'comparison': ComparisonModel;
  'doctor': DoctorModel;
  'draft': DraftModel;
  'drawing': DrawingModel;
  'hypothesis': HypothesisModel;
  'image': ImageModel;
  'json': JsonModel;
  'lineage': LineageModel;
  'matrix': MatrixModel;
  'points': PointsModel;
  'raster': RasterModel;
  'rates': RatesModel;
  'skeletons': SkeletonsModel;
  'table': TableModel;
  'tuning': TuningModel;
  'validity': ValidityModel;
  'volume': VolumeModel;
}
