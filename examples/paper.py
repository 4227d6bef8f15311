# The paper's experiment in Keras. Needs: pip install tensorflow scikit-learn
import numpy as np
from sklearn.metrics import confusion_matrix
from tensorflow.keras.datasets import mnist
from tensorflow.keras.layers import Dense, Flatten, Input
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import set_random_seed, to_categorical

(x_train, y_train), (x_test, y_test) = mnist.load_data()
print("Training data shape:", x_train.shape)
print("Test data shape:", x_test.shape)

x_train, x_test = x_train / 255.0, x_test / 255.0
t_train, t_test = to_categorical(y_train, 10), to_categorical(y_test, 10)


def build(activation):
    model = Sequential(
        [
            Input((28, 28)),
            Flatten(),
            Dense(128, activation=activation),
            Dense(64, activation=activation),
            Dense(32, activation=activation),
            Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return model


for name, activation in [("ReLU", "relu"), ("Tanh", "tanh")]:
    set_random_seed(1)
    model = build(activation)
    model.summary()
    history = model.fit(x_train, t_train, epochs=10, batch_size=32, validation_data=(x_test, t_test), verbose=2)
    predicted = np.argmax(model.predict(x_test, verbose=0), axis=1)
    print(f"Accuracy with {name}: {np.mean(predicted == y_test):.4f}")
    print(confusion_matrix(y_test, predicted))
    print("Validation accuracy by epoch:", [round(value, 4) for value in history.history["val_accuracy"]])
    wrong = np.flatnonzero(predicted != y_test)[:5]
    print("First mistakes:", [f"{i}: true {y_test[i]}, read as {predicted[i]}" for i in wrong])
    model.save(f"{name.lower()}.keras")
