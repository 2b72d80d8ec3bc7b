/* The IMU of the Nano 33 BLE Sense, replaying a recording: see sensors/imu.h. Its FIFO holds 32 samples. */
#ifndef Arduino_LSM9DS1_h
#define Arduino_LSM9DS1_h

#include "sensors/imu.h"

typedef ReplayedImu LSM9DS1Class;
extern LSM9DS1Class IMU_LSM9DS1;
#define IMU IMU_LSM9DS1

#endif
