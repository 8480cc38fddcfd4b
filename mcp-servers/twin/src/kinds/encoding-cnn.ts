import { cnnTwin } from '../encoding/cnn/cnn-twin.ts';

/** A small network that learns from the recording alone, with a place in the image for every neuron. */
export const encodingCnn = cnnTwin({
  name: 'encoding-cnn',
  title: 'Small convolutional network trained on the recording, Gaussian place and feature weights per neuron',
  cite: [
    'Klindt et al. 2017, NeurIPS (arXiv 1711.02653)',
    'Lurz et al. 2021, ICLR',
    'Kingma & Ba 2015, ICLR (arXiv 1412.6980)',
  ],
});
