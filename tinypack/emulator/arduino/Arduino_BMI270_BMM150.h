/* The IMU of the Nano 33 BLE Sense Rev2, replaying a recording: see sensors/imu.h. Its FIFO holds 157 samples. */
#ifndef Arduino_BMI270_BMM150_h
#define Arduino_BMI270_BMM150_h

#include "sensors/imu.h"

typedef ReplayedImu BoschSensorClass;
extern BoschSensorClass IMU_BMI270_BMM150;
#define IMU IMU_BMI270_BMM150

#endif
