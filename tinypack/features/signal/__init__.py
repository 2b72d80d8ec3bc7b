"""The stages of TensorFlow Lite Micro's audio front end, a block for each of its Signal operators, bit by bit.

Source: tensorflow/tflite-micro, signal/src; the Fourier transform is kissfft's with 16-bit fixed point
"""
