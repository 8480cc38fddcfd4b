/** Neurons of the worm that sense touch, and those that command its locomotion. */
export const commandCircuit = [
  ...['ASHL', 'ASHR', 'ALML', 'ALMR', 'AVM', 'PLML', 'PLMR', 'PVDL', 'PVDR', 'AVAL', 'AVAR', 'AVBL', 'AVBR'],
  ...['AVDL', 'AVDR', 'AVEL', 'AVER', 'PVCL', 'PVCR', 'RIML', 'RIMR', 'RIBL', 'RIBR', 'AIBL', 'AIBR', 'DVA'],
];
